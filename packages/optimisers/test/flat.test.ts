import '@tensorflow/tfjs-backend-cpu';
import { disposeTree, flatten, type Params } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { flat } from '../src/flat.js';
import {
  adam,
  adamW,
  chain,
  clipByGlobalNorm,
  rmsprop,
  sgd,
  vectorParts,
  type Optimiser,
} from '../src/index.js';
import { numbers, run, tree } from './support.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const rules: readonly Optimiser[] = [
  adam(0.05),
  adamW(0.1, { weightDecay: 0.3 }),
  rmsprop(0.02),
  sgd(0.1),
  sgd(0.1, { momentum: 0.9, nesterov: true }),
];

/** As it steps where launches are dear. */
const onVectors = (optimiser: Optimiser): Optimiser => flat(optimiser, ['cpu']);
const gradientsAt = (step: number): Params => tree(`gradient ${step}`);

test.each(rules)('steps over one vector are those over each tensor, bit by bit, %#', (plain) => {
  const start = tree('start');
  for (const around of [chain, (own: Optimiser) => chain(clipByGlobalNorm(1), own)]) {
    const apart = run(around(plain), start, 20, gradientsAt);
    const together = run(around(onVectors(plain)), start, 20, gradientsAt);
    expect(numbers(together)).toEqual(numbers(apart));
    tf.dispose([apart, together]);
  }
  disposeTree(start);
});

test.each(rules)('vectors stand for the trees, and each goes on from the other, %#', (plain) => {
  const start = tree('start');
  const trees = plain.init(start);
  const before = tf.memory().numTensors;
  let [params, state] = [start, plain.init(start)];
  for (const [step, optimiser] of [onVectors(plain), plain, onVectors(plain)].entries()) {
    const next = optimiser.step(gradientsAt(step), state, params, step);
    if (params !== start) disposeTree(params);
    ({ params, state } = next);
  }
  const expected = run(plain, start, 3, gradientsAt);
  expect(numbers(params)).toEqual(numbers(expected));
  const parts = flatten(state).flatMap((leaf) => vectorParts(leaf, params));
  const named = (path: string, shape: readonly number[]): unknown => ({ path, shape });
  expect(parts.map(({ path, shape }) => named(path, shape))).toEqual(
    flatten(trees).map(({ path, tensor }) => named(path, tensor.shape)),
  );
  tf.dispose([params, state, expected]);
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([start, trees]);
});

test('the launches of a step do not grow with the number of tensors', async () => {
  const launches = async (count: number): Promise<number> => {
    const named = (): Params =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, tf.ones([2])]));
    const optimiser = onVectors(adam(0.1));
    const params = named();
    const first = optimiser.step(named(), optimiser.init(params), params, 0);
    const gradients = named();
    const { kernels } = await tf.profile(() =>
      Object.values({ ...optimiser.step(gradients, first.state, first.params, 1).params }),
    );
    return kernels.filter(({ name }) => name !== 'Reshape').length;
  };
  const few = await launches(3);
  expect(await launches(40)).toBe(few);
  // Two vectors made, the twelve operations of Adam, one split.
  expect(few).toBeLessThan(18);
});

test('a gradient that does not fit is named, and nothing is left', () => {
  const params = tree('start');
  const optimiser = onVectors(adam(0.1));
  const state = optimiser.init(params);
  const before = tf.memory().numTensors;
  const step = () => optimiser.step({ other: tf.ones([2]) }, state, params, 0);
  expect(step).toThrow(/adam: the tree 'gradients' does not fit the parameters: '.*' is missing/);
  expect(tf.memory().numTensors).toBe(before);
});
