import { expectGiven, defineKind, type Kind } from '@elbo/core';
import { adversarialX, compose, kl, modelCategory, weight, type Model } from '@elbo/objectives';
import { buildFeatureCritic, type FeatureCriticOptions } from './feature_critic.js';
import { featureReconstruction } from './feature_terms.js';
import {
  autoencoderEntries,
  buildAutoencoder,
  configOf,
  partsOf,
  type AutoencoderOptions,
} from './options.js';

/** The parts of a VAE-GAN, and the rules of its game. */
export type VaeGanOptions = AutoencoderOptions & FeatureCriticOptions;

/**
 * A VAE that measures likeness by what a discriminator sees, in place of pixels (Larsen et al. 2016, algorithm 1): min
 * β KL(q(z|x) ‖ p(z)) + ½ ‖φ(x) − φ(x̂)‖² + γ · adversary. The features' loss trains encoder and decoder, the adversary's
 * cost the decoder only, and the discriminator learns by its own loss alone. It has no ELBO. γ is 1 by default; one
 * over the paper's, which weighs the features' loss.
 *
 * @throws CompositionError when the parts do not fit, ConfigError for rules that do not.
 */
export function vaeGan(options: VaeGanOptions): Model<'posterior' | 'logProb'> {
  expectGiven('vaeGan', options, 'prior', 'encoder', 'decoder', 'discriminator');
  const { beta = 1, gamma = 1 } = options;
  return compose({
    ...partsOf(options),
    terms: [
      featureReconstruction(options),
      weight(kl(), beta),
      weight(adversarialX({ ...options, against: 'both' }), gamma),
    ],
    config: configOf('vae-gan', options, { beta, gamma }),
  });
}

/** The kind of `vaeGan`. */
export const vaeGanKind: Kind<Model> = defineKind(
  'vae-gan',
  modelCategory,
  autoencoderEntries,
  (options, registry) =>
    vaeGan({ ...buildAutoencoder(options, registry), ...buildFeatureCritic(options, registry) }),
);
