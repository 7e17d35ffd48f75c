import { standardNormal, type Prior } from '@elbo/core';
import { decoderFor } from '@elbo/decoders';
import { innerProductDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, basisEncoder, implicitEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import type { Encoder } from '@elbo/objectives';
import { adam, chain, clipByGlobalNorm, cosine } from '@elbo/optimisers';
import { defineRecipe, type Recipe } from '@elbo/training';
import * as v from 'valibot';
import { avb, type ContrastKind } from './avb.js';
import { avbRegistry } from './registry.js';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const rate = v.pipe(v.number(), v.gtValue(0));

/** The posterior that goes with each contrast. */
function encoderFor(
  contrast: ContrastKind,
  options: { readonly latent: number; readonly hidden: readonly number[]; readonly noise: number },
): Encoder<'posterior' | 'moments'> {
  const { latent, hidden, noise } = options;
  const network = mlp({ hidden });
  const last = hidden.slice(-1);
  switch (contrast) {
    case 'plain':
      return implicitEncoder({ network, latent, noise, hidden: last });
    case 'adaptive':
      return basisEncoder({ network, latent, noise, basis: 8, hidden: [64] });
    case 'anchored':
      return anchoredEncoder({ network, latent, noise, hidden: last });
  }
}

/** `elbo train avb`: dense networks, an anchored implicit posterior, an inner-product discriminator. */
export const avbRecipe: Recipe = defineRecipe({
  name: 'avb',
  summary: 'Adversarial Variational Bayes (Mescheder, Nowozin & Geiger 2017)',
  options: {
    latent: 'dimension of z',
    hidden: 'sizes of the hidden layers of encoder and decoder',
    contrast: 'plain, adaptive or anchored',
    noise: "dimension of the posterior's own noise",
    features: 'width of the discriminator',
    learningRate: 'learning rate of encoder and decoder',
    discriminatorRate: 'learning rate of the discriminator',
    dualSteps: 'discriminator steps in an iteration',
  },
  schema: {
    latent: v.optional(count, 8),
    hidden: v.optional(v.array(count), [300, 300]),
    contrast: v.optional(v.picklist(['plain', 'adaptive', 'anchored']), 'anchored'),
    noise: v.optional(count, 16),
    features: v.optional(count, 256),
    learningRate: v.optional(rate, 1e-3),
    discriminatorRate: v.optional(rate, 1e-3),
    dualSteps: v.optional(count, 1),
  },
  registry: avbRegistry,
  build: ({ shape, unit }, options, { steps }) => {
    const { latent, hidden, contrast, noise, features, dualSteps } = options;
    const prior: Prior = standardNormal(latent);
    const falling = (learningRate: number, total: number): ReturnType<typeof chain> =>
      chain(
        clipByGlobalNorm(200),
        adam(
          cosine({ from: learningRate, steps: total, start: Math.floor(0.6 * total), floor: 0.05 }),
          {
            beta1: 0.5,
          },
        ),
      );
    return {
      model: avb({
        prior,
        encoder: encoderFor(contrast, { latent, hidden, noise }),
        decoder: decoderFor({ network: mlp({ hidden: hidden.toReversed() }), shape, unit }),
        discriminator: innerProductDiscriminator({
          x: mlp({ hidden: [features], activation: 'elu' }),
          z: mlp({ hidden: [features, features], activation: 'elu' }),
          features,
        }),
        contrast,
      }),
      training: {
        primal: falling(options.learningRate, steps).config,
        dual: falling(options.discriminatorRate, steps * dualSteps).config,
        dualSteps,
      },
    };
  },
});
