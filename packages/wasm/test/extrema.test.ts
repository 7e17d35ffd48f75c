import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { broadcastPlaces } from '../src/matrices.js';
import { accelerated, poisonHeap, waves } from './wasm.js';

beforeAll(accelerated);

const extent = fc.constantFrom(1, 2, 3, 5, 8);

/** A shape and two that broadcast to it. */
const broadcast = fc.array(extent, { maxLength: 4 }).chain((shape) => {
  const own = fc.record({
    ones: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    missing: fc.integer({ min: 0, max: shape.length }),
  });
  const of = ({ ones, missing }: { ones: boolean[]; missing: number }) =>
    shape.map((n, d) => (ones[d] ? 1 : n)).slice(missing);
  return fc.tuple(own, own).map(([a, b]) => [of(a), of(b)] as const);
});

it.each(['float32', 'int32'] as const)(
  'maximum and minimum of %s broadcast as a loop does',
  async (dtype) => {
    await fc.assert(
      fc.asyncProperty(broadcast, async ([shapeA, shapeB]) => {
        const of = (shape: number[], phase: number): tf.Tensor =>
          tf.cast(tf.mul(waves(shape, phase), 1000), dtype);
        const [a, b] = [of(shapeA, 0), of(shapeB, 1)];
        const shape = tf.broadcast_util.assertAndGetBroadcastShape(shapeA, shapeB);
        poisonHeap(1 << 10);
        const [maximum, minimum] = [tf.maximum(a, b), tf.minimum(a, b)];
        const [atA, atB] = [broadcastPlaces(shapeA, shape), broadcastPlaces(shapeB, shape)];
        const [ofA, ofB] = [await a.data(), await b.data()];
        const pairs = Array.from(
          { length: tf.util.sizeFromShape(shape) },
          (_, i) => [ofA[atA(i)]!, ofB[atB(i)]!] as const,
        );
        expect(maximum.shape).toEqual(shape);
        expect(Array.from(await maximum.data())).toEqual(pairs.map(([p, q]) => Math.max(p, q)));
        expect(Array.from(await minimum.data())).toEqual(pairs.map(([p, q]) => Math.min(p, q)));
      }),
      { numRuns: 80, seed: 7 },
    );
  },
);

it('NaN passes maximum, minimum, bounds and relu6, on either side and wherever it stands', async () => {
  const numbers = [NaN, 1, -2, 3, NaN, 9, NaN];
  const [x, zeros] = [tf.tensor1d(numbers), tf.zeros([7])];
  const where = numbers.map(Number.isNaN);
  for (const result of [
    tf.maximum(x, zeros),
    tf.maximum(zeros, x),
    tf.minimum(x, 0),
    tf.minimum(0, x),
    tf.clipByValue(x, -1, 2),
    tf.relu6(x),
  ])
    expect(Array.from(await result.data(), Number.isNaN)).toEqual(where);
});

it('bounds cut off what is past them, infinity too', async () => {
  const x = tf.tensor1d([-Infinity, -3, -0.5, 0, 1.5, Infinity]);
  expect(Array.from(await tf.clipByValue(x, -1, 1).data())).toEqual([-1, -1, -0.5, 0, 1, 1]);
});

it('whole numbers are cut off at bounds with fractions as the bounds are written into them', async () => {
  const x = tf.tensor1d([-3, -2, -1, 0, 1, 2, 3], 'int32');
  const clip = async (low: number, high: number): Promise<number[]> =>
    Array.from(await tf.clipByValue(x, low, high).data());
  expect(await clip(-1.5, 1.5)).toEqual([-1, -1, -1, 0, 1, 1, 1]);
  expect(await clip(-Infinity, 0)).toEqual([-3, -2, -1, 0, 0, 0, 0]);
});
