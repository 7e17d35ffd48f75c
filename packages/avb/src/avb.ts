import {
  expectGiven,
  defineKind,
  nested,
  pairNetworkCategory,
  priorCategory,
  type Kind,
  type Prior,
} from '@elbo/core';
import type { PairNetwork } from '@elbo/discriminators';
import {
  compose,
  decoderCategory,
  encoderCategory,
  modelCategory,
  reconstruction,
  type Decoder,
  type Encoder,
  type Model,
  type Offering,
} from '@elbo/objectives';
import * as v from 'valibot';
import { adaptiveContrastKl } from './adaptive_contrast_kl.js';
import { adversarialKl } from './adversarial_kl.js';

/**
 * What the discriminator contrasts:
 * `plain`: z with the prior's z;
 * `adaptive`: z standardised by the posterior's estimated moments with standard normal noise;
 * `anchored`: z standardised by the encoder's own anchor with standard normal noise.
 */
export type ContrastKind = 'plain' | 'adaptive' | 'anchored';

/** The parts of an AVB model. */
export interface AvbOptions {
  readonly prior: Prior;
  /** `adaptive` needs a posterior with moments, `anchored` an anchored encoder. */
  readonly encoder: Offering<'posterior' | 'moments'>;
  readonly decoder: Decoder;
  /** T(x, z). */
  readonly discriminator: PairNetwork;
  readonly contrast?: ContrastKind;
}

/**
 * Adversarial Variational Bayes (Mescheder, Nowozin & Geiger 2017): a VAE whose posterior is any z = f(x, ε), with
 * KL(q(z|x) ‖ p(z)) estimated by a discriminator that is trained beside it.
 *
 * @throws CompositionError when the parts do not fit.
 *
 * @example
 * ```ts
 * import { anchoredEncoder, avb, bernoulliDecoder, innerProductDiscriminator, mlp } from '@elbo/avb';
 * import { standardNormal } from '@elbo/avb';
 *
 * const network = mlp({ hidden: [64] });
 * const model = avb({
 *   prior: standardNormal(4),
 *   encoder: anchoredEncoder({ network, latent: 4, noise: 8, hidden: [32] }),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
 *   discriminator: innerProductDiscriminator({ x: network, z: network, features: 32 }),
 * });
 * console.log(model.terms.map(({ name }) => name), model.offers); // [ 'reconstruction', 'kl' ] [ 'posterior', 'moments' ]
 * ```
 */
export function avb(options: AvbOptions): Model<'posterior' | 'moments'> {
  expectGiven('avb', options, 'prior', 'encoder', 'decoder', 'discriminator');
  const { contrast = 'anchored', discriminator, ...parts } = options;
  const kl =
    contrast === 'plain'
      ? adversarialKl({ discriminator })
      : adaptiveContrastKl({ discriminator, stopGradient: contrast === 'adaptive' });
  const { prior, encoder, decoder } = parts;
  return compose({
    ...parts,
    encoder: encoder as Encoder<'posterior' | 'moments'>,
    terms: [reconstruction(), kl],
    config: {
      kind: 'avb',
      contrast,
      prior: prior.config,
      encoder: encoder.config,
      decoder: decoder.config,
      discriminator: discriminator.config,
    },
  });
}

/** The kind of `avb`. */
export const avbKind: Kind<Model> = defineKind(
  'avb',
  modelCategory,
  {
    contrast: v.optional(v.picklist(['plain', 'adaptive', 'anchored']), 'anchored'),
    prior: nested,
    encoder: nested,
    decoder: nested,
    discriminator: nested,
  },
  ({ contrast, ...parts }, registry) =>
    avb({
      contrast,
      prior: registry.build(priorCategory, parts.prior),
      // `compose` checks that it offers what the terms need.
      encoder: registry.build(encoderCategory, parts.encoder) as Encoder<'posterior' | 'moments'>,
      decoder: registry.build(decoderCategory, parts.decoder),
      discriminator: registry.build(pairNetworkCategory, parts.discriminator),
    }),
);
