import {
  expectGiven,
  buildSchedule,
  defineKind,
  scheduled,
  type Kind,
  type Schedule,
} from '@elbo/core';
import type { ProjectionDiscriminator } from '@elbo/discriminators';
import { adversarialX, compose, kl, modelCategory, weight, type Model } from '@elbo/objectives';
import * as v from 'valibot';
import { buildFeatureCritic } from './feature_critic.js';
import { featureMatching, featureReconstruction } from './feature_terms.js';
import {
  autoencoderEntries,
  buildAutoencoder,
  configOf,
  partsOf,
  type AutoencoderOptions,
} from './options.js';

/** The parts of a CVAE-GAN, and the rules of its game. */
export interface CvaeGanOptions extends AutoencoderOptions {
  /** D(x, c). */
  readonly discriminator: ProjectionDiscriminator;
  /** The weight of matched features; 1 by default. */
  readonly matching?: number | Schedule;
}

/**
 * A VAE-GAN of data with conditions c, `[B, C]`, that encoder, decoder and discriminator all see (Bao et al. 2017): min
 * β KL + ½ ‖φ(x) − φ(x̂)‖² + matching · ½ ‖E φ(x) − E φ(G(z, c))‖² + γ · adversary. In place of the paper's classifier
 * the discriminator sees the class, and what is matched are its features. As there the decoder learns by matched
 * features, not from the game, whose weight γ is 0 by default; and the discriminator by the game against samples.
 *
 * @throws CompositionError when the parts do not fit, ConfigError for rules that do not.
 */
export function cvaeGan(options: CvaeGanOptions): Model<'posterior' | 'logProb'> {
  expectGiven('cvaeGan', options, 'prior', 'encoder', 'decoder', 'discriminator');
  const { beta = 1, gamma = 0, matching = 1 } = options;
  const conditional = { ...options, conditional: true } as const;
  return compose({
    ...partsOf(options),
    terms: [
      featureReconstruction(conditional),
      weight(kl(), beta),
      weight(featureMatching(conditional), matching),
      weight(adversarialX({ ...conditional, against: 'samples' }), gamma),
    ],
    config: configOf('cvae-gan', conditional, { beta, gamma, matching }),
  });
}

/** The kind of `cvaeGan`. */
export const cvaeGanKind: Kind<Model> = defineKind(
  'cvae-gan',
  modelCategory,
  { ...autoencoderEntries, matching: v.exactOptional(scheduled) },
  ({ matching, ...options }, registry) =>
    cvaeGan({
      ...buildAutoencoder(options, registry),
      ...(buildFeatureCritic({ ...options, conditional: true }, registry) as {
        readonly discriminator: ProjectionDiscriminator;
      }),
      ...(matching !== undefined && { matching: buildSchedule(matching, registry) }),
    }),
);
