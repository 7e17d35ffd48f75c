import { positive, standardNormal } from '@elbo/core';
import { generatorFor } from '@elbo/decoders';
import { deterministicEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { adversarialZ, type Term } from '@elbo/objectives';
import {
  aboutNetworks,
  count,
  defineRecipe,
  fallingAdam,
  inwards,
  networkEntries,
  outwards,
  type Recipe,
} from '@elbo/recipes';
import * as v from 'valibot';
import { dualCritic } from './dual_critic.js';
import { mmd } from './mmd.js';
import { wvaeRegistry } from './registry.js';
import { sinkhorn } from './sinkhorn.js';
import { wvae } from './wvae.js';

/** The divergences, each with the λ that suits it: their values differ in size. */
const divergences: Readonly<
  Record<
    'mmd' | 'sinkhorn' | 'critic' | 'adversarial',
    { weight: number; term(features: number): Term<'posterior'> }
  >
> = {
  mmd: { weight: 1000, term: () => mmd() },
  sinkhorn: { weight: 5, term: () => sinkhorn() },
  critic: { weight: 10, term: (features) => dualCritic({ critic: scores(features) }) },
  adversarial: { weight: 5, term: (features) => adversarialZ({ discriminator: scores(features) }) },
};

function scores(features: number): ReturnType<typeof mlp> {
  return mlp({ hidden: [features, features], output: 1, activation: 'leakyRelu' });
}

/** `elbo train wvae`: dense networks, a deterministic encoder, squared Euclidean cost. */
export const wvaeRecipe: Recipe = defineRecipe({
  name: 'wvae',
  summary: 'Wasserstein autoencoder (Tolstikhin et al. 2018; Patrini et al. 2020)',
  options: {
    latent: 'dimension of z',
    ...aboutNetworks,
    divergence: 'of the aggregate posterior and the prior: mmd, sinkhorn, critic or adversarial',
    weight: 'λ, the weight of the divergence; by default as suits it',
    features: 'width of the critic, where there is one',
    learningRate: 'learning rate of encoder and decoder',
    criticRate: 'learning rate of the critic',
  },
  schema: {
    latent: v.optional(count, 8),
    ...networkEntries,
    divergence: v.optional(v.picklist(['mmd', 'sinkhorn', 'critic', 'adversarial']), 'mmd'),
    weight: v.exactOptional(positive),
    features: v.optional(count, 128),
    learningRate: v.optional(positive, 1e-3),
    criticRate: v.optional(positive, 1e-3),
  },
  registry: wvaeRegistry,
  comparesRows: true,
  build: (data, options, { steps }) => {
    const { latent, features } = options;
    const { network } = inwards(data, options);
    const divergence = divergences[options.divergence];
    const falling = { steps, start: 0.6, floor: 0.05, beta1: 0.5, clip: 200 };
    return {
      model: wvae({
        prior: standardNormal(latent),
        encoder: deterministicEncoder({ network, latent }),
        decoder: generatorFor({ ...data, network: outwards(data, options) }),
        divergence: divergence.term(features),
        weight: options.weight ?? divergence.weight,
      }),
      training: {
        primal: fallingAdam({ ...falling, from: options.learningRate }).config,
        dual: fallingAdam({ ...falling, from: options.criticRate }).config,
      },
    };
  },
});
