import { positive, standardNormal } from '@elbo/core';
import { decoderFor } from '@elbo/decoders';
import { deterministicEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import {
  aboutNetworks,
  count,
  defineRecipe,
  inwards,
  networkEntries,
  outwards,
  type Recipe,
} from '@elbo/recipes';
import * as v from 'valibot';
import { aae } from './aae.js';
import { falling } from './falling.js';
import { aaeRegistry } from './registry.js';

/** `elbo train aae`: dense networks, a deterministic encoder, a standard normal prior. */
export const aaeRecipe: Recipe = defineRecipe({
  name: 'aae',
  summary: 'Adversarial autoencoder (Makhzani et al. 2015)',
  options: {
    latent: 'dimension of z',
    ...aboutNetworks,
    features: 'width of the discriminator',
    weight: 'weight of the game beside the reconstruction in nats',
    learningRate: 'learning rate of encoder and decoder',
    discriminatorRate: 'learning rate of the discriminator',
  },
  schema: {
    latent: v.optional(count, 8),
    ...networkEntries,
    features: v.optional(count, 128),
    weight: v.optional(positive, 10),
    learningRate: v.optional(positive, 1e-3),
    discriminatorRate: v.optional(positive, 1e-3),
  },
  registry: aaeRegistry,
  build: (data, options, { steps }) => {
    const { latent, features, weight } = options;
    const { network } = inwards(data, options);
    return {
      model: aae({
        prior: standardNormal(latent),
        encoder: deterministicEncoder({ network, latent }),
        decoder: decoderFor({ ...data, network: outwards(data, options) }),
        discriminator: mlp({ hidden: [features, features], output: 1 }),
        weight,
      }),
      training: {
        primal: falling(options.learningRate, steps).config,
        dual: falling(options.discriminatorRate, steps).config,
      },
    };
  },
});
