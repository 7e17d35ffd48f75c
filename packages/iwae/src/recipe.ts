import { positive } from '@elbo/core';
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
import { iwae } from './iwae.js';
import { iwaeRegistry } from './registry.js';

/** `elbo train iwae`: the networks and the optimiser of `elbo train vae`, and a bound of 8 samples. */
export const iwaeRecipe: Recipe = defineRecipe({
  name: 'iwae',
  summary: 'Importance-weighted autoencoder (Burda, Grosse & Salakhutdinov 2015)',
  options: {
    latent: 'dimension of z',
    ...aboutNetworks,
    samples: 'importance samples for each row',
    gradient: 'standard, dreg (less noise for the encoder) or stl',
    chunk: 'samples decoded at once, to bound the memory',
    prior: 'normal, mixture (a learned one) or vamp',
    components: 'normals of the mixture, or pseudo-inputs of vamp',
    learningRate: 'learning rate of Adam',
  },
  schema: {
    latent: v.optional(count, 8),
    ...sequenceEntries,
    samples: v.optional(count, 8),
    gradient: v.optional(v.picklist(['standard', 'dreg', 'stl']), 'standard'),
    chunk: v.exactOptional(count),
    prior: v.optional(v.picklist(priorNames), 'normal'),
    components: v.optional(count, 10),
    learningRate: v.optional(positive, 1e-3),
  },
  registry: iwaeRegistry,
  build: (data, options, { steps }) => {
    const { latent, network, hidden, prior, components, learningRate, ...bound } = options;
    const { trunk, decoder } = networksFor(data, { network, hidden });
    return {
      model: iwae({
        prior: priorFor({ prior, latent, components, unit: data.unit }),
        encoder: gaussianEncoder({ network: trunk, latent }),
        decoder,
        ...bound,
      }),
      training: {
        primal: fallingAdam({ from: learningRate, steps, start: 0.6, clip: 200 }).config,
      },
    };
  },
});
