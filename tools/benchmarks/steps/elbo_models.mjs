// The benchmark's models in this project; whole training steps, data and noise included.
import '@elbo/gradients';
import { avb } from '@elbo/avb';
import { standardNormal } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { innerProductDiscriminator } from '@elbo/discriminators';
import { basisEncoder, gaussianEncoder } from '@elbo/encoders';
import { convTrunk, deconvTrunk, mlp } from '@elbo/networks';
import { adam } from '@elbo/optimisers';
import { settings as fourPixelSettings } from '@elbo/reproductions/four-pixels/models';
import { train } from '@elbo/training';
import { vae } from '@elbo/vae';
import { data } from './data.mjs';

const shape = data.shape;

/**
 * By model, what makes its step.
 *
 * @param options.share What gives a model and its data a source of gradients, for workers; none on one thread.
 * @param options.every Steps between reports, which wait for the losses: by default as few as a person would want to see.
 */
export function buildersFor({ share = () => ({}), every = 10 } = {}) {
  /** Steps of a training run that never ends. */
  const stepsOf =
    (model, options, dataset = data) =>
    async () => {
      const source = await share(model, dataset);
      const run = train(model, dataset, { steps: 1e9, seed: 1, every, ...options, ...source });
      const reports = run[Symbol.asyncIterator]();
      return async (n) => {
        const wanted = Math.ceil(n / every);
        for (let i = 0; i < wanted; i++) await reports.next();
        return wanted * every;
      };
    };
  return Object.fromEntries(
    Object.entries(recipes).map(([name, { model, training, data: own }]) => [
      name,
      stepsOf(model, training, own),
    ]),
  );
}

const denseVae = (batchSize) => ({
  model: vae({
    prior: standardNormal(20),
    encoder: gaussianEncoder({ network: mlp({ hidden: [400] }), latent: 20 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [400] }), shape }),
  }),
  training: { batchSize, primal: adam(1e-3) },
});

const recipes = {
  'vae 784-400-20, batch 128': denseVae(128),
  'vae 784-400-20, batch 512': denseVae(512),
  'convolutional vae, batch 64': {
    model: vae({
      prior: standardNormal(20),
      encoder: gaussianEncoder({ network: convTrunk({ filters: [32, 64] }), latent: 20 }),
      decoder: bernoulliDecoder({ network: deconvTrunk({ filters: [64, 32] }), shape }),
    }),
    training: { batchSize: 64, primal: adam(1e-3) },
  },
  'four-pixel avb, batch 512': fourPixelSettings.avb(),
  'avb with adaptive contrast 300-300, batch 128': {
    model: avb({
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
    training: { batchSize: 128, primal: adam(1e-4), dual: adam(1e-4) },
  },
};
