import { expectGiven, defineKind, type Kind } from '@elbo/core';
import {
  adversarialX,
  buildDataCritic,
  compose,
  kl,
  modelCategory,
  reconstruction,
  weight,
  type DataCriticOptions,
  type Model,
} from '@elbo/objectives';
import {
  autoencoderEntries,
  buildAutoencoder,
  configOf,
  partsOf,
  type AutoencoderOptions,
} from './options.js';

/** The parts of an adversarial VAE, and the rules of its game. */
export type AvaeOptions = AutoencoderOptions & DataCriticOptions;

/**
 * A VAE whose images are judged too: min −E_q log p(x|z) + β KL(q(z|x) ‖ p(z)) + γ · adversary, where a discriminator
 * tells data from reconstructions and from samples of the prior, and its cost trains the decoder only. It keeps its
 * ELBO, and gives some of it for images that pass; γ (1 by default) says how much.
 *
 * @throws CompositionError when the parts do not fit, ConfigError for rules that do not.
 *
 * @example
 * ```ts
 * import { avae, bernoulliDecoder, denseDiscriminator, gaussianEncoder, mlp } from '@elbo/avae';
 * import { standardNormal } from '@elbo/avae';
 *
 * const model = avae({
 *   prior: standardNormal(4),
 *   encoder: gaussianEncoder({ network: mlp({ hidden: [64] }), latent: 4 }),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
 *   discriminator: denseDiscriminator({ hidden: [64] }),
 * });
 * console.log(model.terms.map(({ name }) => name)); // [ 'reconstruction', 'kl', 'adversarial-x' ]
 * ```
 */
export function avae(options: AvaeOptions): Model<'posterior' | 'logProb'> {
  expectGiven('avae', options, 'prior', 'encoder', 'decoder', 'discriminator');
  const { beta = 1, gamma = 1 } = options;
  return compose({
    ...partsOf(options),
    terms: [
      reconstruction(),
      weight(kl(), beta),
      weight(adversarialX({ ...options, against: 'both' }), gamma),
    ],
    config: configOf('avae', options, { beta, gamma }),
  });
}

/** The kind of `avae`. */
export const avaeKind: Kind<Model> = defineKind(
  'avae',
  modelCategory,
  autoencoderEntries,
  (options, registry) =>
    avae({ ...buildAutoencoder(options, registry), ...buildDataCritic(options, registry) }),
);
