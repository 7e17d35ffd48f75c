import { notNegative, positive, standardNormal } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import { decoderFor, gaussianDecoder, generatorFor, networkMaking } from '@elbo/decoders';
import { discriminator, type Discriminator } from '@elbo/discriminators';
import { gaussianEncoder } from '@elbo/encoders';
import { r1, type Decoder } from '@elbo/objectives';
import {
  aboutNetworks,
  areUnitImages,
  count,
  defineRecipe,
  fallingAdam,
  inGames,
  inwards,
  networkEntries,
  outwards,
  type NetworkName,
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
  ...aboutNetworks,
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
    ...networkEntries,
    beta: v.optional(notNegative, defaults.beta),
    gamma: v.optional(notNegative, defaults.gamma),
    penaltyWeight: v.optional(positive, 0.5),
    learningRate: v.optional(positive, 1e-3),
    discriminatorRate: v.optional(positive, 1e-3),
  }) as const;

interface Chosen {
  readonly latent: number;
  readonly network?: NetworkName | undefined;
  readonly hidden?: number[] | undefined;
  readonly beta: number;
  readonly gamma: number;
  readonly penaltyWeight: number;
  readonly learningRate: number;
  readonly discriminatorRate: number;
}

/** The parts that both have, around a decoder. */
function partsFor(
  data: DataTraits,
  { latent, beta, gamma, penaltyWeight, ...chosen }: Chosen,
  decoder: Decoder,
): AutoencoderOptions & { readonly discriminator: Discriminator } {
  const { network } = inwards(data, inGames(chosen));
  return {
    prior: standardNormal(latent),
    encoder: gaussianEncoder({ network, latent }),
    decoder,
    discriminator: discriminator({ network }),
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
    const network = outwards(data, inGames(chosen));
    const { shape, unit } = data;
    const decoder =
      areUnitImages(data) && !unit
        ? gaussianDecoder({
            network: networkMaking(network, shape),
            shape,
            sigma: 'learned',
            mean: 'sigmoid',
          })
        : decoderFor({ ...data, network });
    return { model: avae(partsFor(data, chosen, decoder)), training: trainingFor(chosen, steps) };
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
      network: outwards(data, inGames(chosen)),
      unit: data.unit || areUnitImages(data),
    });
    return { model: vaeGan(partsFor(data, chosen, decoder)), training: trainingFor(chosen, steps) };
  },
});
