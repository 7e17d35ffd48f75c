// The benchmark's models in this project; whole training steps, data and noise included.
import '@elbo/gradients';
import { avb } from '@elbo/avb';
import { standardNormal } from '@elbo/core';
import { fourPixels, fromArrays } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { innerProductDiscriminator } from '@elbo/discriminators';
import { basisEncoder, gaussianEncoder } from '@elbo/encoders';
import { convTrunk, deconvTrunk, mlp } from '@elbo/networks';
import { adam } from '@elbo/optimisers';
import { train } from '@elbo/training';
import { vae } from '@elbo/vae';
import { models as fourPixelModels } from '../../reproductions/four-pixels/models.mjs';
import { images } from './images.mjs';

const data = fromArrays({ x: images(1024), shape: [28, 28, 1] });
const shape = data.shape;

/** Steps between reports, which wait for the losses: as few as a person would want to see. */
const every = 10;

/** Steps of a training run that never ends. */
function stepsOf(model, options, dataset = data) {
  return async () => {
    const run = train(model, dataset, { steps: 1e9, seed: 1, every, ...options });
    const reports = run[Symbol.asyncIterator]();
    return async (n) => {
      const wanted = Math.ceil(n / every);
      for (let i = 0; i < wanted; i++) await reports.next();
      return wanted * every;
    };
  };
}

const denseVae = (batchSize) =>
  stepsOf(
    vae({
      prior: standardNormal(20),
      encoder: gaussianEncoder({ network: mlp({ hidden: [400] }), latent: 20 }),
      decoder: bernoulliDecoder({ network: mlp({ hidden: [400] }), shape }),
    }),
    { batchSize, primal: adam(1e-3) },
  );

const four = fourPixelModels.avb();

/** By model, what makes its step. */
export const builders = {
  'vae 784-400-20, batch 128': denseVae(128),
  'vae 784-400-20, batch 512': denseVae(512),
  'convolutional vae, batch 64': stepsOf(
    vae({
      prior: standardNormal(20),
      encoder: gaussianEncoder({ network: convTrunk({ filters: [32, 64] }), latent: 20 }),
      decoder: bernoulliDecoder({ network: deconvTrunk({ filters: [64, 32] }), shape }),
    }),
    { batchSize: 64, primal: adam(1e-3) },
  ),
  'four-pixel avb, batch 512': stepsOf(four.model, four.training, fourPixels()),
  'avb with adaptive contrast 300-300, batch 128': stepsOf(
    avb({
      contrast: 'adaptive',
      prior: standardNormal(8),
      encoder: basisEncoder({
        network: mlp({ hidden: [300, 300] }),
        latent: 8,
        basis: 16,
        noise: 16,
        hidden: [64],
      }),
      decoder: bernoulliDecoder({ network: mlp({ hidden: [300, 300] }), shape }),
      discriminator: innerProductDiscriminator({
        x: mlp({ hidden: [512] }),
        z: mlp({ hidden: [512] }),
        features: 512,
      }),
    }),
    { batchSize: 128, primal: adam(1e-4), dual: adam(1e-4) },
  ),
};
