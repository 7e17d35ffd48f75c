export { checked } from './checks/checked.js';
export { checkedScores } from './checks/checked_term.js';
export { expectFinite } from './checks/expect_finite.js';
export { expectSupported } from './checks/expect_supported.js';
export { kernelOf, mmd2, type KernelName, type KernelOptions } from './divergences/mmd.js';
export {
  sinkhornDivergence,
  sinkhornRules,
  type SinkhornDivergence,
  type SinkhornOptions,
} from './divergences/sinkhorn.js';
export {
  buildDataCritic,
  dataCritic,
  dataCriticEntries,
  type DataCritic,
  type DataCriticOptions,
} from './games/data_critic.js';
export { gameCategory, type Game } from './games/game.js';
export {
  gameKinds,
  hinge,
  leastSquares,
  nonSaturating,
  wasserstein,
  type NonSaturatingOptions,
} from './games/games.js';
export { accuracy, calibrationError, logisticLoss, type Sides } from './games/logistic.js';
export {
  adversarialEntries,
  buildAdversarial,
  buildRules,
  rulesEntries,
  rulesOf,
  type AdversarialOptions,
  type MatchRules,
  type RulesOptions,
} from './games/options.js';
export {
  gradientPenalty,
  penaltyCategory,
  penaltyKinds,
  r1,
  slopesAt,
  type GradientPenaltyOptions,
  type Penalised,
  type Penalty,
  type R1Options,
} from './games/penalties.js';
export { versus, type Contest, type Match } from './games/versus.js';
export { compose, type Parts } from './model/compose.js';
export { leastRows, pairsOf } from './model/coupling.js';
export { comparableMetrics, directionOf, estimatorsOf } from './model/direction.js';
export { type Direction } from './terms/term.js';
export {
  decoderCategory,
  encoderCategory,
  type AnyEncoder,
  type Decoder,
  type Encoder,
  type Offering,
} from './model/encoder_decoder.js';
export { generator, generatorKind, generatorOf, type GeneratorOptions } from './model/generator.js';
export { lazy } from './model/lazy.js';
export { measure } from './model/measure.js';
export { hasAdversary, modelCategory, type Model } from './model/model.js';
export { type ModelParams } from './model/params.js';
export { standardised } from './model/standardised.js';
export { usedParts } from './model/used_parts.js';
export { weightsFrom, type DataForm, type Weights } from './model/weights.js';
export { objectiveKinds } from './objective_kinds.js';
export { forwardPass, type ForwardPass } from './pass/forward_pass.js';
export { type Batch, type Moment } from './pass/batch.js';
export { type Primal } from './model/params.js';
export type { Encoded, Generated, Pass } from './pass/pass.js';
export type {
  Ability,
  Classes,
  LogProb,
  Moments,
  PosteriorOf,
  Sampled,
  Transport,
} from './pass/posterior.js';
export { classPrior, classPriorKind, type ClassPriorOptions } from './priors/class_prior.js';
export {
  learnedGaussianMixture,
  learnedGaussianMixtureKind,
  type LearnedGaussianMixtureOptions,
} from './priors/learned_gaussian_mixture.js';
export { isLearned, learnedPrior, type LearnedPrior } from './priors/learned_prior.js';
export { vampPrior, vampPriorKind, type VampPriorOptions } from './priors/vamp_prior.js';
export {
  adversarialX,
  adversarialXKind,
  type AdversarialXOptions,
  type Opponents,
} from './terms/adversarial_x.js';
export { adversarialZ, adversarialZKind, type AdversarialZOptions } from './terms/adversarial_z.js';
export { freeBits, freeBitsKind, type FreeBitsOptions } from './terms/free_bits.js';
export { kl, klKind, type KlOptions } from './terms/kl.js';
export { klPart, klPartKind, type KlPart, type KlPartOptions } from './terms/kl_part.js';
export { marginalElbo, marginalElboKind } from './terms/marginal_elbo.js';
export { elboOf, evaluateTerms, type ObjectiveEvaluation } from './terms/evaluate_terms.js';
export { hasElbo } from './terms/bound.js';
export { reconstruction, reconstructionKind } from './terms/reconstruction.js';
export {
  term,
  termCategory,
  type Adversary,
  type Logits,
  type Part,
  type TermEvaluation,
  type Role,
  type Term,
} from './terms/term.js';
export { weight, weightKind } from './terms/weight.js';
