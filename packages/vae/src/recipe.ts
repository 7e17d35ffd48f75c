import { standardNormal } from '@elbo/core';
import { networksFor } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { adam, chain, clipByGlobalNorm, cosine } from '@elbo/optimisers';
import { defineRecipe, type Recipe } from '@elbo/training';
import * as v from 'valibot';
import { vaeRegistry } from './registry.js';
import { vae } from './vae.js';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** `elbo train vae`: dense or recurrent networks, a Gaussian posterior, Adam with a learning rate that falls over the last 40 %. */
export const vaeRecipe: Recipe = defineRecipe({
  name: 'vae',
  summary: 'Variational autoencoder with a Gaussian posterior (Kingma & Welling 2013)',
  options: {
    latent: 'dimension of z',
    hidden: 'sizes of the hidden layers of encoder and decoder; of sequences, first of the GRU',
    beta: 'weight of the KL',
    learningRate: 'learning rate of Adam',
  },
  schema: {
    latent: v.optional(count, 8),
    hidden: v.exactOptional(v.pipe(v.array(count), v.minLength(1))),
    beta: v.optional(v.pipe(v.number(), v.minValue(0)), 1),
    learningRate: v.optional(v.pipe(v.number(), v.gtValue(0)), 1e-3),
  },
  registry: vaeRegistry,
  build: (data, { latent, hidden, beta, learningRate }, { steps }) => {
    const { trunk, decoder } = networksFor(data, hidden);
    return {
      model: vae({
        prior: standardNormal(latent),
        encoder: gaussianEncoder({ network: trunk, latent }),
        decoder,
        beta,
      }),
      training: {
        primal: chain(
          clipByGlobalNorm(200),
          adam(cosine({ from: learningRate, steps, start: Math.floor(0.6 * steps) })),
        ).config,
      },
    };
  },
});
