import { gradientsOf } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';
import {
  dimensions,
  floats,
  padOf,
  product,
  Sums,
  visit,
  windowsOf,
  type Dimension,
} from './windows.js';

beforeAll(accelerated);

/** A pool: x [B, …, C] and y [B, …, C]. */
interface Case {
  readonly batch: number;
  readonly dims: readonly Dimension[];
  readonly channels: number;
}

const cases = (count: number): fc.Arbitrary<Case> =>
  fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    // Of a volume TensorFlow.js takes no explicit padding.
    dims: dimensions(count, { dilated: false, numbers: count === 2 }).filter(
      (dims) => count === 2 || dims.every((d) => d.pad !== 'same' || d.stride <= d.filter),
    ),
    channels: fc.integer({ min: 1, max: 9 }),
  });

const shapes = ({ batch, dims, channels }: Case) => ({
  x: [batch, ...dims.map((d) => d.size), channels],
  y: [batch, ...windowsOf(dims), channels],
});

const attributes = ({ dims }: Case) => ({
  filterSize: dims.map((d) => d.filter),
  strides: dims.map((d) => d.stride),
  pad: padOf(dims),
  dimRoundingMode: dims[0]!.rounding,
});

/** Whether the library takes the pool for the identity: windows of one element, as many as there are elements. */
const isIdentity = (c: Case): boolean =>
  c.dims.every((d) => d.filter === 1) && tf.util.arraysEqual(shapes(c).x, shapes(c).y);

/** Whether part of a window of an image is padding. */
function isPadded(c: Case): boolean {
  const { filterSize, strides, pad, dimRoundingMode } = attributes(c);
  const { padInfo } = tf.backend_util.computePool2DInfo(
    shapes(c).x as [number, number, number, number],
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad,
    dimRoundingMode,
  );
  return Object.values(padInfo).some((n) => typeof n === 'number' && n > 0);
}

/** The numbers of x that each number of y sees, by their places. */
function seen(c: Case): number[][] {
  const { x, y } = shapes(c);
  const result = Array.from({ length: product(y) }, (): number[] => []);
  const [places, windows] = [product(x.slice(1, -1)), product(y.slice(1, -1))];
  for (let b = 0; b < c.batch; b++) {
    visit(c.dims, (window, _, place) => {
      for (let i = 0; i < c.channels; i++)
        result[(b * windows + window) * c.channels + i]!.push(
          (b * places + place) * c.channels + i,
        );
    });
  }
  return result;
}

/** The place of the first maximum; −1 of nothing. NaN is left out, as in the library's own tests. */
function firstMaximum(x: ArrayLike<number>, places: readonly number[]): number {
  return places
    .filter((place) => !Number.isNaN(x[place]))
    .reduce((best, place) => (best < 0 || x[place]! > x[best]! ? place : best), -1);
}

const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap);

/** Numbers of a few values, so that there are ties, NaN and −∞ among them. */
const values = fc.constantFrom(-3, -2.5, -1, -1, NaN, -Infinity, 0.5, 7);
const numbered = (count: number): fc.Arbitrary<readonly [Case, number[]]> =>
  cases(count).chain((c) =>
    fc
      .array(values, { minLength: product(shapes(c).x), maxLength: product(shapes(c).x) })
      .map((numbers) => [c, numbers] as const),
  );

describe.each([
  [2, 'MaxPool', 'AvgPool', 200],
  [3, 'MaxPool3D', 'AvgPool3D', 60],
])('of %s dimensions', (count, max, avg, numRuns) => {
  it('the maximum of each window is that of what it sees, and its gradient goes to the first', async () => {
    await fc.assert(
      fc.asyncProperty(numbered(count), async ([c, numbers]) => {
        fc.pre(!isIdentity(c));
        const { x: shape, y: outputs } = shapes(c);
        const input = tf.tensor(numbers, shape);
        const places = seen(c).map((of) => firstMaximum(numbers, of));
        poisonHeap(1 << 12);
        const y = run(max, { x: input }, attributes(c));
        expect(y.shape).toEqual(outputs);
        expect(Array.from(await floats(y))).toEqual(
          places.map((place) => (place < 0 ? -Infinity : numbers[place])),
        );
        const dy = waves(outputs);
        const sums = new Sums(numbers.length);
        (await floats(dy)).forEach((value, i) => {
          if (places[i]! >= 0) sums.add(places[i]!, 1, value);
        });
        poisonHeap(1 << 12);
        const dx = run(`${max}Grad`, { dy, input, output: y }, attributes(c));
        sums.expect(await floats(dx));
      }),
      { numRuns, seed: 4 },
    );
  });

  it('the mean of each window is over what it sees, and its gradient is its adjoint', async () => {
    await fc.assert(
      fc.asyncProperty(cases(count), async (c) => {
        fc.pre(!isIdentity(c));
        const { x: shape, y: outputs } = shapes(c);
        const [input, dy] = [waves(shape), waves(outputs, 1)];
        const [x, gradient] = [await floats(input), await floats(dy)];
        const [means, parts] = [new Sums(gradient.length), new Sums(x.length)];
        seen(c).forEach((of, i) => {
          for (const place of of) {
            means.add(i, 1 / of.length, x[place]!);
            parts.add(place, 1 / of.length, gradient[i]!);
          }
          // The division rounds once more.
          means.terms[i]!++;
          for (const place of of) parts.terms[place]!++;
        });
        poisonHeap(1 << 12);
        const y = run(avg, { x: input }, attributes(c));
        expect(y.shape).toEqual(outputs);
        means.expect(await floats(y));
        // Padded images are the stock kernel's, whose contract the gradients go round.
        if (count === 2 && isPadded(c)) return;
        poisonHeap(1 << 12);
        parts.expect(await floats(run(`${avg}Grad`, { dy, input }, attributes(c))));
      }),
      { numRuns, seed: 5 },
    );
  });
});

it('maxPoolWithArgmax tells the first maximum, its place in the image or in the batch', async () => {
  await fc.assert(
    fc.asyncProperty(
      numbered(2).filter(([{ dims }]) => typeof dims[0]!.pad === 'string'),
      fc.boolean(),
      async ([c, numbers], inBatch) => {
        const { x: shape } = shapes(c);
        const places = seen(c).map((of) => firstMaximum(numbers, of));
        const { filterSize, strides, pad } = attributes(c);
        poisonHeap(1 << 12);
        const { result, indexes } = tf.maxPoolWithArgmax(
          tf.tensor4d(numbers, shape as [number, number, number, number]),
          filterSize as [number, number],
          strides as [number, number],
          pad as 'same' | 'valid',
          inBatch,
        ) as Record<'result' | 'indexes', tf.Tensor>;
        expect(indexes.dtype).toBe('int32');
        const image = product(shape.slice(1));
        expect(Array.from(await indexes.data())).toEqual(
          places.map((place) => (inBatch ? place : place % image)),
        );
        expect(Array.from(await floats(result))).toEqual(
          places.map((place) => (place < 0 ? -Infinity : numbers[place])),
        );
      },
    ),
    { numRuns: 100, seed: 6 },
  );
});

it('a mean of NaN and of infinity is that', async () => {
  const x = tf.tensor4d([NaN, 1, Infinity, 1, 2, 3], [1, 1, 6, 1]);
  const y = tf.avgPool(x, [1, 2], [1, 2], 'valid');
  expect(Array.from(await floats(y))).toEqual([NaN, Infinity, 2.5]);
});

it('no windows have no maxima and no means', async () => {
  const x = waves([1, 1, 1, 1, 3]) as tf.Tensor5D;
  for (const pool of [tf.maxPool3d, tf.avgPool3d]) {
    const y = pool(x, [1, 1, 3], 1, 'valid');
    expect(y.shape).toEqual([1, 1, 1, 0, 3]);
    const { f } = gradientsOf(() => ({ f: tf.sum<tf.Scalar>(pool(x, [1, 1, 3], 1, 'valid')) }), {
      f: { x },
    });
    expect(Array.from(await floats(f.gradients.x as tf.Tensor))).toEqual([0, 0, 0]);
  }
});
