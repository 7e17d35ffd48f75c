import { standardNormal } from '@elbo/core';
import { decoderFor } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm, cosine } from '@elbo/optimisers';
import { defineRecipe, type Recipe } from '@elbo/training';
import * as v from 'valibot';
import { vaeRegistry } from './registry.js';
import { vae } from './vae.js';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** `elbo train vae`: dense networks, a Gaussian posterior, Adam with a learning rate that falls over the last 40 %. */
export const vaeRecipe: Recipe = defineRecipe({
  name: 'vae',
  summary: 'Variational autoencoder with a Gaussian posterior (Kingma & Welling 2013)',
  options: {
    latent: 'dimension of z',
    hidden: 'sizes of the hidden layers of encoder and decoder',
    beta: 'weight of the KL',
    learningRate: 'learning rate of Adam',
  },
  schema: {
    latent: v.optional(count, 8),
    hidden: v.optional(v.array(count), [300, 300]),
    beta: v.optional(v.pipe(v.number(), v.minValue(0)), 1),
    learningRate: v.optional(v.pipe(v.number(), v.gtValue(0)), 1e-3),
  },
  registry: vaeRegistry,
  build: ({ shape, unit }, { latent, hidden, beta, learningRate }, { steps }) => ({
    model: vae({
      prior: standardNormal(latent),
      encoder: gaussianEncoder({ network: mlp({ hidden }), latent }),
      decoder: decoderFor({ network: mlp({ hidden: hidden.toReversed() }), shape, unit }),
      beta,
    }),
    training: {
      primal: chain(
        clipByGlobalNorm(200),
        adam(cosine({ from: learningRate, steps, start: Math.floor(0.6 * steps) })),
      ).config,
    },
  }),
});
