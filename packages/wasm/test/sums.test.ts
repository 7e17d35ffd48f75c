import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';

beforeAll(accelerated);

interface Total {
  sum: number;
  size: number;
  count: number;
}

/** Sums over axes in double precision, with Σ|x| and the number of terms, by the place in the result. */
function totals(numbers: ArrayLike<number>, shape: number[], axes: number[]): Total[] {
  const kept = shape.map((extent, d) => (axes.includes(d) ? 1 : extent));
  const result = Array.from({ length: tf.util.sizeFromShape(kept) }, () => ({
    sum: 0,
    size: 0,
    count: 0,
  }));
  for (let i = 0; i < numbers.length; i++) {
    let [rest, place, stride] = [i, 0, 1];
    for (let d = shape.length - 1; d >= 0; d--) {
      if (!axes.includes(d)) place += (rest % shape[d]!) * stride;
      stride *= kept[d]!;
      rest = Math.floor(rest / shape[d]!);
    }
    const total = result[place]!;
    total.sum += numbers[i]!;
    total.size += Math.abs(numbers[i]!);
    total.count++;
  }
  return result;
}

const extents = fc.array(fc.constantFrom(1, 2, 3, 5, 8, 17, 33), { minLength: 1, maxLength: 4 });
const cases = extents.chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.uniqueArray(fc.integer({ min: 0, max: shape.length - 1 }), { minLength: 1 }),
    keepDims: fc.boolean(),
  }),
);

it('a sum is off by one rounding of each run of axes that it reduces, whatever the axes', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ shape, axes, keepDims }) => {
      const x = waves(shape);
      poisonHeap(1 << 10);
      const [sum, mean] = [tf.sum(x, axes, keepDims), tf.mean(x, axes, keepDims)];
      expect(sum.shape).toEqual(
        shape.flatMap((n, d) => (axes.includes(d) ? (keepDims ? [1] : []) : [n])),
      );
      const [sums, means] = [await sum.data(), await mean.data()];
      totals(await x.data(), shape, axes).forEach(({ sum: exact, size, count }, i) => {
        // The result's own rounding, those of partial sums between runs, and of the double additions, theirs and ours.
        const roundings = 2 ** -24 * (Math.abs(exact) + size) + count * 2 ** -52 * size;
        expect(Math.abs(sums[i]! - exact)).toBeLessThanOrEqual(roundings);
        expect(Math.abs(means[i]! - exact / count)).toBeLessThanOrEqual(roundings / count);
      });
      tf.dispose([x, sum, mean]);
    }),
    { numRuns: 150, seed: 3 },
  );
});

it.each([
  ['along rows', [1, 1 << 21], 1],
  ['down columns', [1 << 17, 16], 0],
  ['down columns of another number', [99_999, 21], 0],
] as const)('sums of millions %s are rounded once', async (_, shape, axis) => {
  const x = tf.fill([...shape], 0.1);
  const n = shape[axis];
  // Every term is the float32 nearest to 0.1, so the double sum is right to far below a rounding.
  const exact = n * Math.fround(0.1);
  for (const sum of await tf.sum(x, axis).data())
    expect(Math.abs(sum - exact)).toBeLessThanOrEqual(2 ** -24 * exact * (1 + 1e-6));
});

it('what cancels is left', async () => {
  const x = tf.tensor1d([1e8, 1, -1e8, 1e-3, 2e7, -2e7]);
  const [sum] = await tf.sum(x).data();
  expect(sum).toBe(Math.fround(1 + Math.fround(1e-3)));
});

it('NaN and infinity reach the sum', async () => {
  const x = tf.tensor2d([NaN, 1, Infinity, 1, Infinity, -Infinity], [3, 2]);
  expect(Array.from(await tf.sum(x, 1).data())).toEqual([NaN, Infinity, NaN]);
});

it('sums of integers are exact modulo 2³², and booleans are counted', async () => {
  const x = tf.tensor2d([2 ** 24 + 1, 1, 2 ** 31 - 1, 2 ** 24 + 1, 2, 1], [2, 3], 'int32');
  expect(Array.from(await tf.sum(x, 0).data())).toEqual([2 ** 25 + 2, 3, -(2 ** 31)]);
  expect(Array.from(await tf.sum(x, 1).data())).toEqual([2 ** 24 + 1 - 2 ** 31, 2 ** 24 + 4]);
  const counted = tf.sum(tf.tensor1d([true, false, true, true, true], 'bool'));
  expect([counted.dtype, (await counted.data())[0]]).toEqual(['int32', 4]);
});

it('the sum of nothing is 0, and its mean is not a number', async () => {
  poisonHeap();
  const nothing = tf.zeros([3, 0, 2]);
  expect(Array.from(await tf.sum(nothing, 1).data())).toEqual([0, 0, 0, 0, 0, 0]);
  expect(Array.from(await tf.mean(nothing, [1, 2]).data())).toEqual([NaN, NaN, NaN]);
});

it('the backend keeps none of what it makes on the way', () => {
  const x = waves([3, 4, 5, 6]);
  const held = (): number => tf.engine().backend.numDataIds();
  const before = held();
  const whole = tf.cast(x, 'int32');
  tf.dispose([tf.sum(x, [0, 2]), tf.mean(x, [1, 3]), tf.mean(whole, [0, 3]), whole]);
  expect(held()).toBe(before);
});
