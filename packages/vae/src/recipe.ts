import { cyclical, linear, notNegative, positive, type Schedule } from '@elbo/core';
import { gaussianEncoder } from '@elbo/encoders';
import {
  aboutNetworks,
  count,
  defineRecipe,
  fallingAdam,
  networksFor,
  priorFor,
  priorNames,
  sequenceEntries,
  type Recipe,
} from '@elbo/recipes';
import * as v from 'valibot';
import { vaeRegistry } from './registry.js';
import { vae } from './vae.js';

/** The weight of the KL, or of a part of it: constant; raised over the first quarter of the steps; or in four cycles (Fu et al. 2019). */
function weightOf(
  to: number,
  anneal: 'none' | 'linear' | 'cyclical',
  steps: number,
): number | Schedule {
  switch (anneal) {
    case 'none':
      return to;
    case 'linear':
      return linear({ to, steps: steps / 4 });
    case 'cyclical':
      return cyclical({ to, period: steps / 4 });
  }
}

/** `elbo train vae`: dense or recurrent networks, a Gaussian posterior, Adam with a learning rate that falls over the last 40 %. */
export const vaeRecipe: Recipe = defineRecipe({
  name: 'vae',
  summary: 'Variational autoencoder with a Gaussian posterior (Kingma & Welling 2013)',
  options: {
    latent: 'dimension of z',
    ...aboutNetworks,
    beta: 'weight of the KL',
    anneal: 'none, linear (the weight rises over the first quarter) or cyclical (four times)',
    freeBits: 'nats of the KL that are free in each dimension of z',
    totalCorrelation: 'added weight of the total correlation: β − 1 of a β-TCVAE',
    prior: 'normal, mixture (a learned one) or vamp',
    components: 'normals of the mixture, or pseudo-inputs of vamp',
    learningRate: 'learning rate of Adam',
  },
  schema: {
    latent: v.optional(count, 8),
    ...sequenceEntries,
    beta: v.optional(notNegative, 1),
    anneal: v.optional(v.picklist(['none', 'linear', 'cyclical']), 'none'),
    freeBits: v.optional(notNegative, 0),
    totalCorrelation: v.optional(notNegative, 0),
    prior: v.optional(v.picklist(priorNames), 'normal'),
    components: v.optional(count, 10),
    learningRate: v.optional(positive, 1e-3),
  },
  registry: vaeRegistry,
  build: (data, options, { steps }) => {
    const { latent, network, hidden, beta, anneal, freeBits, totalCorrelation } = options;
    const { prior, components, learningRate } = options;
    const { trunk, decoder } = networksFor(data, { network, hidden });
    return {
      model: vae({
        prior: priorFor({ prior, latent, components, unit: data.unit }),
        encoder: gaussianEncoder({ network: trunk, latent }),
        decoder,
        beta: weightOf(beta, anneal, steps),
        ...(freeBits > 0 && { freeBits: { nats: freeBits } }),
        ...(totalCorrelation > 0 && {
          totalCorrelation: weightOf(totalCorrelation, anneal, steps),
        }),
      }),
      training: {
        primal: fallingAdam({ from: learningRate, steps, start: 0.6, clip: 200 }).config,
      },
    };
  },
});
