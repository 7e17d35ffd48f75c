import { gaussiansOnCircle, type Prior } from '@elbo/core';
import { fromArrays, ring, type Dataset } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { deterministicEncoder, implicitEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import type { Model } from '@elbo/objectives';
import { adam, cosine } from '@elbo/optimisers';
import { key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { disposeState, toBatch, train } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { aae } from '../src/index.js';

beforeAll(useWasm);

const components = 4;
const prior: Prior = gaussiansOnCircle({ components, radius: 2, scale: 0.3 });
const clusters = ring({ modes: components, sd: 0.2, size: 2000 });
/** No clusters, so that nothing but the game says which codes go to which mode. */
const cloud = fromArrays({ x: normal(key(1), 4000), shape: [2], range: 'finite' });
const network = mlp({ hidden: [32], activation: 'leakyRelu' });
const parts = {
  prior,
  decoder: gaussianDecoder({ network, shape: [2], sigma: 0.5 }),
  discriminator: mlp({ hidden: [64, 64], output: 1, activation: 'leakyRelu' }),
};

/** The codes of the data's first rows, and these rows' labels. */
async function codesOf(model: Model, data: Dataset, steps: number) {
  const falling = adam(cosine({ from: 3e-3, steps }), { beta1: 0.5 });
  const run = train(model, data, {
    steps,
    batchSize: 128,
    seed: 5,
    primal: falling,
    dual: falling,
    every: steps,
  });
  const iterator = run[Symbol.asyncIterator]();
  while (!(await iterator.next()).done);
  const state = run.take();
  const rows = await data.read(
    Uint32Array.from({ length: 800 }, (_, i) => i),
    key(0),
  );
  const batch = toBatch(rows, data.shape, data.name);
  const z = model.encode(state.params.primal, batch, key(6));
  const codes = await z.array();
  z.dispose();
  dispose(batch as never);
  disposeState(state);
  return { codes, labels: rows.label };
}

/** The component whose mean is nearest to a code: they lie at whole multiples of a right angle. */
function nearest([x = 0, y = 0]: readonly number[]): number {
  const angle = Math.atan2(y, x) / (2 * Math.PI);
  return Math.round(angle * components + components) % components;
}

it('the aggregate posterior is the mixture: each mode has its share, and little lies between', async () => {
  const encoder = implicitEncoder({ network, latent: 2, noise: 4, hidden: [32] });
  const two = gaussiansOnCircle({ components: 2, radius: 1.5, scale: 0.4 });
  const { codes } = await codesOf(aae({ ...parts, prior: two, encoder, weight: 2 }), cloud, 300);
  const right = codes.filter(([x = 0]) => x > 0).length / codes.length;
  expect(Math.abs(right - 0.5)).toBeLessThan(0.15);
  // Of the mixture itself, 99.4 % lie within 3.2 standard deviations of a mean; of codes about the origin none do.
  const near = codes.filter(([x = 0, y = 0]) => Math.hypot(Math.abs(x) - 1.5, y) < 3.2 * 0.4);
  expect(near.length / codes.length).toBeGreaterThan(0.7);
});

it('with labels, each class goes to the component of its label', async () => {
  const encoder = deterministicEncoder({ network, latent: 2 });
  const { codes, labels } = await codesOf(
    aae({ ...parts, encoder, classes: components, weight: 2 }),
    clusters,
    200,
  );
  const right = codes.filter((code, i) => nearest(code) === labels![i]).length;
  expect(right / codes.length).toBeGreaterThan(0.95);
});
