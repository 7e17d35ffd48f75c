// The two models of the table, and how each is trained.
import { avb } from '@elbo/avb';
import { standardNormal, type Network } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { headedDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, basisEncoder, gaussianEncoder, implicitEncoder } from '@elbo/encoders';
import { mlp, residual } from '@elbo/networks';
import type { Decoder } from '@elbo/objectives';
import { adam, cosine } from '@elbo/optimisers';
import { vae } from '@elbo/vae';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fourPixels } from '@elbo/datasets';
import type { Setting } from '../../runner/setting.js';

/** The models. */
export type Name = 'vae' | 'avb' | 'avb-adaptive' | 'avb-anchored';

const data = fourPixels();
const prior = standardNormal(2);
const hidden = [64, 64, 64];
type Init = 'glorot' | 'he';
const network = (init: Init = 'glorot'): Network => mlp({ hidden, activation: 'elu', init });
const decoder = (init?: Init): Decoder =>
  bernoulliDecoder({ network: network(init), shape: [2, 2, 1] });

const vaeSteps = 6000;
const avbSteps = 18_000;
const contrastSteps = 8_000;
const dualSteps = 2;
const outputNoise = 0.008;

const discriminator = (scale: number, layers: 1 | 2): Network<[Tensor, Tensor]> =>
  headedDiscriminator({
    network: residual({ width: 128, blocks: 2, layers, activation: 'elu', init: 'glorot' }),
    scale,
  });

/** Other forms of AVB, which the paper's table does not have: one seed of each tells what is to be told. */
export const variants: readonly Name[] = ['avb-adaptive', 'avb-anchored'];

/** Both players' rates fall to zero. */
const falling = (primal: number, dual: number, steps: number): Setting['training'] => ({
  steps,
  batchSize: 512,
  primal: adam(cosine({ from: primal, steps })),
  dual: adam(cosine({ from: dual, steps: dualSteps * steps })),
  dualSteps,
});

/**
 * By name: encoders and decoders of three layers of 64 ELU. AVB contrasts q(z|x) with
 * the prior itself. The dual's schedule counts the dual's own steps. From smaller kernels the VAE may end in a worse
 * optimum (one seed of three), AVB in a better one. With blocks of one layer for T, a floor of .02 for its rate and half as
 * many steps more KL(q(z), p(z)) was .010; it is half of that.
 */
export const settings: Readonly<Record<Name, () => Setting>> = {
  vae: () => ({
    data,
    model: vae({
      prior,
      decoder: decoder('he'),
      encoder: gaussianEncoder({ network: network('he'), latent: 2 }),
    }),
    training: {
      steps: vaeSteps,
      batchSize: 512,
      primal: adam(cosine({ from: 1e-3, steps: vaeSteps })),
    },
  }),
  avb: () => ({
    data,
    model: avb({
      contrast: 'plain',
      prior,
      decoder: decoder(),
      encoder: implicitEncoder({
        latent: 2,
        noise: 10,
        hidden,
        activation: 'elu',
        init: 'glorot',
        outputNoise,
      }),
      discriminator: discriminator(8, 2),
    }),
    training: {
      steps: avbSteps,
      batchSize: 512,
      primal: adam(cosine({ from: 1.2e-3, steps: avbSteps })),
      dual: adam(cosine({ from: 3e-3, steps: dualSteps * avbSteps, floor: 0.1 })),
      dualSteps,
    },
  }),
  // Its posteriors are near their normals only in two moments: T is known to lie here.
  'avb-adaptive': () => ({
    data,
    model: avb({
      contrast: 'adaptive',
      prior,
      decoder: decoder(),
      encoder: basisEncoder({
        network: network(),
        latent: 2,
        noise: 10,
        basis: 16,
        hidden: [64, 64],
        activation: 'elu',
        outputNoise,
      }),
      discriminator: discriminator(1, 1),
    }),
    training: falling(5e-4, 2e-3, contrastSteps),
  }),
  'avb-anchored': () => ({
    data,
    model: avb({
      contrast: 'anchored',
      prior,
      decoder: decoder(),
      encoder: anchoredEncoder({
        network: network(),
        latent: 2,
        noise: 10,
        hidden,
        activation: 'elu',
        bound: 3,
      }),
      discriminator: discriminator(1, 1),
    }),
    training: falling(5e-4, 2e-3, contrastSteps),
  }),
};
