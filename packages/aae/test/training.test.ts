import { gaussiansOnCircle, type Prior } from '@elbo/core';
import { ring } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { implicitEncoder, deterministicEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import type { Model } from '@elbo/objectives';
import { adam, cosine } from '@elbo/optimisers';
import { key } from '@elbo/random';
import { disposeState, toBatch, train } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { aae } from '../src/index.js';
import { useWasm } from './support.js';

beforeAll(useWasm);

const components = 4;
const prior: Prior = gaussiansOnCircle({ components, radius: 2, scale: 0.3 });
const data = ring({ modes: components, sd: 0.2, size: 2000 });
const network = mlp({ hidden: [32], activation: 'leakyRelu' });
const parts = {
  prior,
  decoder: gaussianDecoder({ network, shape: [2], sigma: 0.5 }),
  discriminator: mlp({ hidden: [64, 64], output: 1, activation: 'leakyRelu' }),
};

/** The codes of the data's first rows, and these rows' labels. */
async function codesOf(model: Model, steps: number, rate = 3e-3) {
  const falling = adam(cosine({ from: rate, steps }), { beta1: 0.5 });
  const run = train(model, data, {
    steps,
    batchSize: 96,
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
  return { codes, labels: rows.label! };
}

/** The component whose mean is nearest to a code, and how far that is. */
function nearest([x = 0, y = 0]: readonly number[]) {
  const distances = Array.from({ length: components }, (_, c) => {
    const angle = (2 * Math.PI * c) / components;
    return Math.hypot(x - 2 * Math.cos(angle), y - 2 * Math.sin(angle));
  });
  const distance = Math.min(...distances);
  return { component: distances.indexOf(distance), distance };
}

it('the aggregate posterior is the mixture: every mode gets its share, and little lies between', async () => {
  const encoder = implicitEncoder({ network, latent: 2, noise: 4, hidden: [32] });
  const { codes } = await codesOf(aae({ ...parts, encoder, weight: 2 }), 300);
  const found = codes.map(nearest);
  for (let c = 0; c < components; c++) {
    const share = found.filter(({ component }) => component === c).length / codes.length;
    expect(Math.abs(share - 1 / components)).toBeLessThan(0.1);
  }
  // Of the mixture itself, 99.4 % lie within 3.2 standard deviations of a mean.
  const near = found.filter(({ distance }) => distance < 3.2 * 0.3).length / codes.length;
  expect(near).toBeGreaterThan(0.85);
});

it('with labels, each class goes to the component of its label', async () => {
  const encoder = deterministicEncoder({ network, latent: 2 });
  const { codes, labels } = await codesOf(
    aae({ ...parts, encoder, classes: components, weight: 2 }),
    200,
  );
  const right = codes.filter((code, i) => nearest(code).component === labels[i]).length;
  expect(right / codes.length).toBeGreaterThan(0.95);
});
