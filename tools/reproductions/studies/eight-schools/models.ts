// Posteriors of the Eight Schools that are trained: two normals, and one that can only be sampled.
import { avb } from '@elbo/avb';
import { normal, standardNormal } from '@elbo/core';
import { fromArrays } from '@elbo/datasets';
import { likelihoodDecoder } from '@elbo/decoders';
import { basisEncoder, gaussianEncoder } from '@elbo/encoders';
import { dense, joined, pairwiseProducts, residual, sequential } from '@elbo/networks';
import { adam, cosine, type Optimiser } from '@elbo/optimisers';
import { vae } from '@elbo/vae';
import { add, mul, split, tensor1d, zerosLike, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Setting } from '../../runner/setting.js';
import { dim, effects, errors } from './posterior.js';

const prior = standardNormal(dim);

/** There is nothing to see: y is part of the density. x is a constant. */
const data = fromArrays({
  name: 'eight-schools',
  x: Float32Array.of(1),
  shape: [1],
  range: 'finite',
});

const logVariances = errors.map((error) => 2 * Math.log(error));

const decoder = likelihoodDecoder({
  name: 'eight-schools',
  logLikelihood: (z) => {
    const [mu, tau, eta] = split(z, [1, 1, effects.length], 1) as [Tensor2D, Tensor2D, Tensor2D];
    const means: Tensor2D = add(mu, mul(tau, eta));
    const like = (values: readonly number[]): Tensor2D =>
      add(tensor1d([...values]), zerosLike(means));
    return normal(means, like(logVariances)).logProb(like(effects));
  },
});

/** A normal posterior, by the closed form of its KL divergence from the prior. */
function gaussian(covariance: 'diagonal' | 'full'): Setting {
  const steps = 3000;
  return {
    data,
    model: vae({ prior, decoder, encoder: gaussianEncoder({ latent: dim, covariance }) }),
    training: { steps, batchSize: 512, primal: adam(cosine({ from: 1e-2, steps })) },
  };
}

type CosineOptions = Parameters<typeof cosine>[0];

const avbSteps = 4000;
const dualSteps = 2;
const falling = (options: CosineOptions): Optimiser => adam(cosine(options), { beta1: 0.5 });

/** log p(z|y) is quartic in z, and far from any normal's: 4.6 nats, of which layers alone found 4 in 4000 steps. */
const discriminator = joined(
  sequential([
    pairwiseProducts(),
    residual({ width: 128, blocks: 2, layers: 1, activation: 'elu' }),
    dense({ units: 1, init: 'zeros' }),
  ]),
);

/**
 * By name, a posterior to be trained. As x is constant, a basis encoder of one network is any function of its
 * noise, and its moments come from one set of draws for all rows of a minibatch. Without the output noise its draws lie
 * close to a surface that the discriminator is slow to see, and without the warm-up they may run to one mode.
 */
export const settings: Readonly<Record<'mean-field' | 'full-rank' | 'avb', () => Setting>> = {
  'mean-field': () => gaussian('diagonal'),
  'full-rank': () => gaussian('full'),
  avb: () => ({
    data,
    model: avb({
      contrast: 'adaptive',
      prior,
      decoder,
      encoder: basisEncoder({
        latent: dim,
        basis: 1,
        noise: 10,
        hidden: [128, 128],
        residual: true,
        outputNoise: 0.1,
        momentSamples: 512,
      }),
      discriminator,
    }),
    training: {
      steps: avbSteps,
      batchSize: 512,
      primal: falling({ from: 5e-4, steps: avbSteps }),
      dual: falling({ from: 2e-3, steps: dualSteps * avbSteps, floor: 0.1 }),
      dualSteps,
      warmUp: 250,
    },
  }),
};
