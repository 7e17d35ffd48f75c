import { DataError, standardNormal } from '@elbo/core';
import { fromArrays } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { deterministicEncoder } from '@elbo/encoders';
import '@elbo/gradients';
import { mlp } from '@elbo/networks';
import { compose, reconstruction, term } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { scalar, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { validate } from '../src/index.js';
import { train } from './world.js';

const seen: number[] = [];
/** Costs as much as it has rows, and takes two at least. */
const counting = term({
  config: { kind: 'test-counting' },
  name: 'counting',
  role: 'regulariser',
  needs: ['posterior'],
  coupling: { least: 2 },
  evaluate: ({ z }) => ({
    cost: () => {
      seen.push(z.shape[0]);
      return scalar(z.shape[0]);
    },
  }),
});
const network = mlp({ hidden: [2] });
const parts = {
  prior: standardNormal(1),
  encoder: deterministicEncoder({ network, latent: 1 }),
  decoder: bernoulliDecoder({ network, shape: [1] }),
};
const model = compose({ ...parts, terms: [reconstruction(), counting] });
const rowsOf = (count: number) => fromArrays({ x: new Float32Array(count), shape: [1] });
const params = () => model.init(key(1), [1]);

beforeAll(() => setBackend('cpu'));
beforeEach(() => {
  seen.length = 0;
});

it.each([
  [2, [2]],
  [3, [3]],
  [4, [2, 2]],
  [5, [2, 3]],
])('%i rows in blocks of 2 come in blocks of %o, weighted by their rows', async (count, blocks) => {
  const found = await validate(model, params(), rowsOf(count), { batchSize: 2 });
  expect(seen).toEqual(blocks);
  const mean = blocks.reduce((sum, rows) => sum + rows * rows, 0) / count;
  expect(found.counting).toBeCloseTo(mean, 6);
  // All rows are alike, so that every block of them costs the same.
  const one = await validate(model, params(), rowsOf(2));
  expect(found.reconstruction).toBeCloseTo(one.reconstruction!, 6);
});

it('fewer rows than a term compares are refused by its name, before anything is computed', async () => {
  const short = validate(model, params(), rowsOf(1));
  await expect(short).rejects.toThrow(DataError);
  await expect(short).rejects.toThrow(/'counting' compares at least 2 rows .* has 1 together/);
  expect(seen).toEqual([]);
  expect(() =>
    train(model, rowsOf(9), { steps: 1, batchSize: 1, seed: 1, primal: adam(1e-3) }),
  ).toThrow(/'counting' compares at least 2 rows .*`batchSize`.* has 1/);
});

it('a short last block of rows that no term compares counts as the rows that it has', async () => {
  // Costs 1 on rows of one and 0 on others: of five rows in blocks of 2 the mean is a fifth.
  const alone = term({
    config: { kind: 'test-alone' },
    name: 'alone',
    role: 'regulariser',
    needs: ['posterior'],
    evaluate: ({ z }) => ({ cost: () => scalar(z.shape[0] === 1 ? 1 : 0) }),
  });
  const plain = compose({ ...parts, terms: [reconstruction(), alone] });
  const found = await validate(plain, params(), rowsOf(5), { batchSize: 2 });
  expect(found.alone).toBeCloseTo(1 / 5, 6);
});
