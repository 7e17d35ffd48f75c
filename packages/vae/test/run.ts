// A short training run, the same in Node and in a page.
import '@elbo/gradients';
import {
  adam,
  bernoulliDecoder,
  binarise,
  gaussianEncoder,
  mlp,
  standardNormal,
  strokes,
  train,
  vae,
} from '../src/index.js';

/** The ELBO of each step, in nats. */
export async function elbos(): Promise<number[]> {
  const model = vae({
    prior: standardNormal(4),
    encoder: gaussianEncoder({ network: mlp({ hidden: [64], activation: 'elu' }), latent: 4 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
  });
  const data = binarise(strokes({ size: 256 }), 'dynamic');
  const run = train(model, data, {
    steps: 30,
    batchSize: 32,
    seed: 3,
    every: 1,
    primal: adam(1e-3),
  });
  const values: number[] = [];
  for await (const { metrics } of run) values.push(metrics.elbo!);
  run.dispose();
  return values;
}
