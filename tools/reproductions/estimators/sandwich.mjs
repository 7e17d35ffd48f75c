// Bounds on log p(x) from both sides, of a decoder that was trained.
import { vae } from '@elbo/vae';
import { standardNormal } from '@elbo/core';
import { binarise, strokes } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import {
  annealedLikelihood,
  bidirectionalLikelihood,
  estimateLikelihood,
  estimateOf,
  simulate,
} from '@elbo/evaluation';
import { mlp } from '@elbo/networks';
import { adam, cosine } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { toBatch, train } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';

/** The widest gap that is good enough, in nats. */
export const widest = 0.5;

const latent = 8;
const rows = 16;
const steps = 2000;
const annealing = { chains: 8, temperatures: 800, leapfrogs: 5 };

const network = () => mlp({ hidden: [128], activation: 'elu' });

/** Trains it; the parameters are the caller's. */
async function trainedVae(signal) {
  const data = binarise(strokes({ size: 5000 }), 'dynamic');
  const model = vae({
    prior: standardNormal(latent),
    encoder: gaussianEncoder({ network: network(), latent }),
    decoder: bernoulliDecoder({ network: network(), shape: data.shape }),
  });
  const run = train(model, data, {
    steps,
    batchSize: 100,
    seed: 0,
    primal: adam(cosine({ from: 2e-3, steps })),
    every: steps,
    signal,
  });
  // eslint-disable-next-line no-unused-vars -- a run goes on while it is iterated
  for await (const _ of run);
  signal.throwIfAborted();
  return { model, ...run.take() };
}

/** Rows that it has not seen. */
async function heldOut() {
  const data = binarise(strokes({ size: rows, split: 'validation' }), 'static');
  const some = await data.read(
    Uint32Array.from({ length: rows }, (_, i) => i),
    key(1),
  );
  return toBatch(some, data.shape, data.name);
}

export async function sandwich({ log, signal }) {
  log('training a VAE on strokes');
  const { model, params, step } = await trainedVae(signal);
  const options = { key: key(2), ...annealing, signal };
  log('annealing forward and backward, on rows that it made');
  const made = simulate(model, params.primal, key(3), rows);
  const bounds = await bidirectionalLikelihood(model, params.primal, made, options);
  dispose([...Object.values(made.batch), made.z]);
  log('annealing and importance sampling, on rows that are held out');
  const held = await heldOut();
  const annealed = await annealedLikelihood(model, params.primal, held, options);
  const sampled = await estimateLikelihood(model, params.primal, held, {
    key: fold(key(4), 'samples'),
    samples: 20_000,
    proposal: 'posterior',
  });
  dispose(Object.values(held));
  return {
    step,
    latent,
    rows,
    ...annealing,
    lower: estimateOf(bounds.lower),
    upper: estimateOf(bounds.upper),
    gap: bounds.gap,
    acceptance: bounds.acceptance,
    annealed: { mean: annealed.mean, error: annealed.samplingError },
    sampled: { mean: sampled.mean, error: sampled.samplingError, bias: sampled.bias },
    holds: bounds.gap.mean < widest,
  };
}
