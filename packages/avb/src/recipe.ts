import { positive, standardNormal, type Network, type Prior } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import { innerProductDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, basisEncoder, implicitEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import type { Encoder } from '@elbo/objectives';
import {
  aboutNetworks,
  chosenNetwork,
  count,
  defineRecipe,
  fallingAdam,
  inwards,
  networksFor,
  sequenceEntries,
  type NetworkChoice,
  type NetworksFor,
  type Recipe,
} from '@elbo/recipes';
import * as v from 'valibot';
import { avb, type ContrastKind } from './avb.js';
import { avbRegistry } from './registry.js';

/** The posterior that goes with each contrast. */
function encoderFor(
  contrast: ContrastKind,
  { trunk, features }: NetworksFor,
  {
    latent,
    noise,
    lipschitz,
  }: { readonly latent: number; readonly noise: number; readonly lipschitz: number },
): Encoder<'posterior' | 'moments'> {
  switch (contrast) {
    case 'plain':
      return implicitEncoder({ network: trunk, latent, noise, hidden: [features] });
    case 'adaptive':
      return basisEncoder({ network: trunk, latent, noise, basis: 8, hidden: [64] });
    case 'anchored':
      return anchoredEncoder({ network: trunk, latent, noise, hidden: [features], lipschitz });
  }
}

/** How the players' rates fall over the last 40 %, to which share of themselves, and their β1. */
function scheduleFor(contrast: ContrastKind) {
  const alike = { beta1: 0.5, floor: 0.05 };
  // An anchored posterior starts as a Gaussian VAE's, and is trained like it; T goes on to learn as the encoder rests.
  return contrast === 'anchored'
    ? { primal: { beta1: 0.9, floor: 0 }, dual: { beta1: 0.5, floor: 0.3 } }
    : { primal: alike, dual: alike };
}

/** What T sees of x: of images that encoder and decoder convolve, what convolutions see. */
function seenBy(
  data: DataTraits,
  options: Pick<NetworkChoice, 'network' | 'hidden'> & { readonly features: number },
): Network {
  const [network, activation] = [chosenNetwork(data, options), 'elu'] as const;
  const usual = [options.features];
  return network === 'mlp'
    ? mlp({ hidden: usual, activation })
    : inwards(data, { network, hidden: options.hidden, usual, activation }).network;
}

/** `elbo train avb`: dense or recurrent networks, an anchored implicit posterior, an inner-product discriminator. */
export const avbRecipe: Recipe = defineRecipe({
  name: 'avb',
  summary: 'Adversarial Variational Bayes (Mescheder, Nowozin & Geiger 2017)',
  options: {
    latent: 'dimension of z',
    ...aboutNetworks,
    contrast: 'plain, adaptive or anchored',
    noise: "dimension of the posterior's own noise",
    lipschitz:
      'how far an anchored posterior may bend, below 1: the more dimensions, the less of it T can follow',
    features: 'width of the discriminator',
    learningRate: 'learning rate of encoder and decoder',
    discriminatorRate: 'learning rate of the discriminator',
    dualSteps: 'discriminator steps in an iteration',
  },
  schema: {
    latent: v.optional(count, 8),
    ...sequenceEntries,
    contrast: v.optional(v.picklist(['plain', 'adaptive', 'anchored']), 'anchored'),
    noise: v.optional(count, 16),
    lipschitz: v.optional(v.pipe(positive, v.ltValue(1)), 0.9),
    features: v.optional(count, 256),
    learningRate: v.optional(positive, 1e-3),
    discriminatorRate: v.optional(positive, 1e-3),
    dualSteps: v.optional(count, 1),
  },
  registry: avbRegistry,
  build: (data, options, { steps }) => {
    const { latent, contrast, noise, lipschitz, features, dualSteps } = options;
    const networks = networksFor(data, options);
    const prior: Prior = standardNormal(latent);
    const falling = { start: 0.6, clip: 200 };
    const schedule = scheduleFor(contrast);
    return {
      model: avb({
        prior,
        encoder: encoderFor(contrast, networks, { latent, noise, lipschitz }),
        decoder: networks.decoder,
        discriminator: innerProductDiscriminator({
          x: seenBy(data, options),
          z: mlp({ hidden: [features, features], activation: 'elu' }),
          features,
        }),
        contrast,
      }),
      training: {
        primal: fallingAdam({
          ...falling,
          ...schedule.primal,
          from: options.learningRate,
          steps,
        }).config,
        dual: fallingAdam({
          ...falling,
          ...schedule.dual,
          from: options.discriminatorRate,
          steps: steps * dualSteps,
        }).config,
        dualSteps,
      },
    };
  },
});
