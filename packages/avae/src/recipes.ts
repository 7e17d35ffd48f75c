import { notNegative, positive, standardNormal } from '@elbo/core';
import { decoderFor, gaussianDecoder, generatorFor } from '@elbo/decoders';
import { denseDiscriminator } from '@elbo/discriminators';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { r1, type Decoder } from '@elbo/objectives';
import {
  areUnitImages,
  count,
  defineRecipe,
  fallingAdam,
  layers,
  type Recipe,
} from '@elbo/recipes';
import * as v from 'valibot';
import { avae } from './avae.js';
import type { AutoencoderOptions } from './options.js';
import { avaeRegistry } from './registry.js';
import { vaeGan } from './vae_gan.js';

/** What both recipes take. */
const options = {
  latent: 'dimension of z',
  hidden:
    'sizes of the hidden layers of encoder and discriminator; the other way round, of the decoder',
  beta: 'weight of the KL',
  gamma: "weight of the adversary in the decoder's objective",
  penaltyWeight: "weight of R1, on the discriminator's slope at data",
  learningRate: 'learning rate of encoder and decoder',
  discriminatorRate: 'learning rate of the discriminator',
} as const;

/** Their schemas, with the defaults that differ. */
const schemaWith = (defaults: { readonly beta: number; readonly gamma: number }) =>
  ({
    latent: v.optional(count, 16),
    hidden: v.optional(layers, [256, 256]),
    beta: v.optional(notNegative, defaults.beta),
    gamma: v.optional(notNegative, defaults.gamma),
    penaltyWeight: v.optional(positive, 0.5),
    learningRate: v.optional(positive, 1e-3),
    discriminatorRate: v.optional(positive, 1e-3),
  }) as const;

interface Chosen {
  readonly latent: number;
  readonly hidden: readonly number[];
  readonly beta: number;
  readonly gamma: number;
  readonly penaltyWeight: number;
  readonly learningRate: number;
  readonly discriminatorRate: number;
}

/** The parts that both have, around a decoder. */
function partsFor(
  { latent, hidden, beta, gamma, penaltyWeight }: Chosen,
  decoder: Decoder,
): AutoencoderOptions & { readonly discriminator: ReturnType<typeof denseDiscriminator> } {
  return {
    prior: standardNormal(latent),
    encoder: gaussianEncoder({ network: mlp({ hidden, activation: 'leakyRelu' }), latent }),
    decoder,
    discriminator: denseDiscriminator({ hidden }),
    penalties: [r1({ weight: penaltyWeight })],
    beta,
    gamma,
  };
}

/** Adam without much momentum, at rates that fall over the second half; images come from averaged parameters. */
function trainingFor(
  { learningRate, discriminatorRate }: Chosen,
  steps: number,
): ReturnType<Recipe['build']>['training'] {
  const falling = { steps, start: 0.5, floor: 0.05, beta1: 0.5 };
  return {
    primal: fallingAdam({ ...falling, from: learningRate }).config,
    dual: fallingAdam({ ...falling, from: discriminatorRate }).config,
    ema: 0.999,
  };
}

const outwards = ({ hidden }: Chosen) =>
  mlp({ hidden: hidden.toReversed(), activation: 'leakyRelu' });

/** `elbo train avae`: dense networks, a Gaussian posterior, and for grey images a Gaussian p(x|z) with one learned σ. */
export const avaeRecipe: Recipe = defineRecipe({
  name: 'avae',
  summary: 'VAE with an adversary on reconstructions and samples',
  options,
  schema: schemaWith({ beta: 1, gamma: 20 }),
  registry: avaeRegistry,
  keepsGreys: true,
  comparesRows: true,
  build: (data, chosen, { steps }) => {
    const network = outwards(chosen);
    const { shape, unit } = data;
    const decoder =
      areUnitImages(data) && !unit
        ? gaussianDecoder({ network, shape, sigma: 'learned', mean: 'sigmoid' })
        : decoderFor({ ...data, network });
    return { model: avae(partsFor(chosen, decoder)), training: trainingFor(chosen, steps) };
  },
});

/** `elbo train vae-gan`: the same networks, and likeness by the discriminator's features. */
export const vaeGanRecipe: Recipe = defineRecipe({
  name: 'vae-gan',
  summary: 'VAE-GAN: likeness by learned features (Larsen et al. 2016)',
  options,
  schema: schemaWith({ beta: 0.1, gamma: 0.5 }),
  registry: avaeRegistry,
  keepsGreys: true,
  comparesRows: true,
  build: (data, chosen, { steps }) => {
    const decoder = generatorFor({
      ...data,
      network: outwards(chosen),
      unit: data.unit || areUnitImages(data),
    });
    return { model: vaeGan(partsFor(chosen, decoder)), training: trainingFor(chosen, steps) };
  },
});
