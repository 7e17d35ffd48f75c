import { inputGradient } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';

beforeAll(accelerated);

it('sums by segments are those of a loop; ids out of range, negative ones too, count nowhere', async () => {
  const segments = 5;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -2, max: segments + 1 }), { minLength: 1, maxLength: 40 }),
      fc.constantFrom<number[][]>([], [1], [3], [4], [2, 7]),
      async (ids, rest) => {
        const columns = tf.util.sizeFromShape(rest);
        const x = waves([ids.length, ...rest]);
        const numbers = await x.data();
        poisonHeap(1 << 10);
        const sums = tf.unsortedSegmentSum(x, tf.tensor1d(ids, 'int32'), segments);
        expect(sums.shape).toEqual([segments, ...rest]);
        const expected = new Float64Array(segments * columns);
        ids.forEach((id, i) => {
          if (id < 0 || id >= segments) return;
          for (let j = 0; j < columns; j++)
            expected[id * columns + j]! += numbers[i * columns + j]!;
        });
        (await sums.data()).forEach((sum, i) => {
          // At most one rounding a term, of a partial sum that is at most the number of terms.
          expect(Math.abs(sum - expected[i]!)).toBeLessThanOrEqual(ids.length ** 2 * 2 ** -24);
        });
      },
    ),
    { numRuns: 60, seed: 5 },
  );
});

it('integers and booleans are added exactly', async () => {
  const ids = tf.tensor1d([1, 1, 0], 'int32');
  const sums = tf.unsortedSegmentSum(tf.tensor1d([2 ** 24, 1, 7], 'int32'), ids, 2);
  expect([sums.dtype, ...(await sums.data())]).toEqual(['int32', 7, 2 ** 24 + 1]);
  const counts = tf.unsortedSegmentSum(tf.tensor1d([true, true, false], 'bool'), ids, 2);
  expect(Array.from(await counts.data())).toEqual([0, 2]);
});

it('the gradient of gathering rows is how often each was gathered', async () => {
  const indices = tf.tensor1d([2, 0, 2, 2], 'int32');
  const gradient = inputGradient((rows) => tf.gather(rows, indices), waves([4, 3]));
  expect(Array.from(await gradient.data())).toEqual([1, 1, 1, 0, 0, 0, 3, 3, 3, 0, 0, 0]);
});
