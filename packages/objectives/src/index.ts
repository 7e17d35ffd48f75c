export * from './posterior.js';
export * from './parts.js';
export * from './pass.js';
export * from './open_pass.js';
export * from './term.js';
export * from './model.js';
export * from './compose.js';
export { checked } from './checked.js';
export { checkedScores } from './checked_play.js';
export { leastRows, pairsOf } from './coupling.js';
export { elboOf, hasElbo, play, type Played } from './play.js';
export * from './measure.js';
export * from './direction.js';
export { expectFinite } from './expect_finite.js';
export { expectSupported } from './expect_supported.js';
export { standardised } from './standardised.js';
export { lazy } from './lazy.js';
export * from './terms/reconstruction.js';
export { kl, klKind, type KlOptions } from './terms/kl.js';
export * from './terms/kl_part.js';
export * from './terms/free_bits.js';
export * from './terms/marginal_elbo.js';
export * from './terms/weight.js';
export * from './terms/adversarial_z.js';
export * from './terms/adversarial_x.js';
export { mmd2, kernelOf, type KernelName, type KernelOptions } from './divergences/mmd.js';
export {
  sinkhornDivergence,
  sinkhornRules,
  type SinkhornDivergence,
  type SinkhornOptions,
} from './divergences/sinkhorn.js';
export * from './games/game.js';
export * from './games/games.js';
export * from './games/penalties.js';
export * from './games/versus.js';
export * from './games/data_critic.js';
export {
  adversarialEntries,
  buildAdversarial,
  buildRules,
  rulesEntries,
  rulesOf,
  type AdversarialOptions,
  type Rules,
  type RulesOptions,
} from './games/options.js';
export * from './priors/learned_prior.js';
export * from './priors/learned_gaussian_mixture.js';
export * from './priors/vamp_prior.js';
export * from './priors/class_prior.js';
export * from './games/logistic.js';
export * from './kinds.js';
