import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';

beforeAll(accelerated);

/** The elements at every place of a box, or of steps through one, in row-major order. */
function picked<T>(values: ArrayLike<T>, shape: number[], axes: number[][]): T[] {
  let places = [0];
  axes.forEach((along, d) => {
    places = places.flatMap((place) => along.map((at) => place * shape[d]! + at));
  });
  return places.map((place) => values[place]!);
}

const box = fc
  .array(fc.constantFrom(1, 2, 3, 6, 17, 70), { minLength: 1, maxLength: 4 })
  .filter((shape) => tf.util.sizeFromShape(shape) < 50_000)
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      // From where to where, or all.
      ends: fc.tuple(
        ...shape.map((n) =>
          fc.oneof(
            fc.constant([0, n - 1] as number[]),
            fc
              .tuple(fc.nat(n - 1), fc.nat(n - 1))
              .map(([p, q]) => [Math.min(p, q), Math.max(p, q)]),
          ),
        ),
      ),
    }),
  );

const between = ([first, last]: number[]): number[] =>
  Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);

it.each(['float32', 'int32', 'bool', 'string', 'complex64'] as const)(
  'a slice of %s is the elements of its box',
  async (dtype) => {
    await fc.assert(
      fc.asyncProperty(box, async ({ shape, ends }) => {
        const x = typed(shape, dtype);
        const values = await elements(x);
        poisonHeap(1 << 12);
        const begin = ends.map(([first]) => first!);
        const size = ends.map(([first, last]) => last! - first! + 1);
        const slice = tf.slice(x, begin, size);
        expect([slice.dtype, slice.shape]).toEqual([dtype, size]);
        expect(await elements(slice)).toEqual(picked(values, shape, ends.map(between)));
        tf.dispose([x, slice]);
      }),
      { numRuns: 40, seed: 11 },
    );
  },
);

/** A tensor of any type by a fixed rule. */
function typed(shape: number[], dtype: tf.DataType): tf.Tensor {
  const numbers = tf.mul(waves(shape), 100);
  if (dtype === 'complex64') return tf.complex(numbers, waves(shape, 1));
  if (dtype !== 'string')
    return tf.cast(dtype === 'bool' ? tf.greater(numbers, 0) : numbers, dtype);
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => `ä${i}`),
    shape,
    'string',
  );
}

/** Elements of a tensor as text, whatever its type. */
async function elements(x: tf.Tensor): Promise<string[]> {
  if (x.dtype !== 'complex64') return Array.from(await x.data<tf.DataType>(), String);
  const [real, imaginary] = [await tf.real(x).data(), await tf.imag(x).data()];
  return Array.from(real, (re, i) => `${re} + ${imaginary[i]!}i`);
}

it.each(['float32', 'int32', 'bool', 'string'] as const)(
  'steps through %s, backwards too, keep its type',
  async (dtype) => {
    const shape = [5, 4, 3];
    const x = typed(shape, dtype);
    const values = await elements(x);
    const strided = tf.stridedSlice(x, [4, 0, 2], [0, 4, 0], [-2, 3, -1]);
    expect([strided.dtype, strided.shape]).toEqual([dtype, [2, 2, 2]]);
    const axes = [
      [4, 2],
      [0, 3],
      [2, 1],
    ];
    expect(await elements(strided)).toEqual(picked(values, shape, axes));
    if (dtype === 'string') return; // The library reverses and splits no strings.
    const reversed = tf.reverse(x, [0, 2]);
    expect(await elements(reversed)).toEqual(
      picked(values, shape, [
        [4, 3, 2, 1, 0],
        [0, 1, 2, 3],
        [2, 1, 0],
      ]),
    );
  },
);

it.each(['float32', 'bool', 'complex64'] as const)(
  'parts of %s put together again are the whole, and so are its rows stacked',
  async (dtype) => {
    const x = typed([6, 5], dtype);
    const values = await elements(x);
    expect(await elements(tf.concat(tf.split(x, [1, 0, 4], 1), 1))).toEqual(values);
    expect(await elements(tf.stack(tf.unstack(x, 1), 1))).toEqual(values);
  },
);

it.each(['bool', 'complex64'] as const)('where chooses %s', async (dtype) => {
  const [x, y] = [typed([3, 2], dtype), tf.tile(typed([1, 2], dtype), [3, 1])];
  const [ofX, ofY] = [await elements(x), await elements(y)];
  const condition = [true, false, false, true, true, false];
  const chosen = tf.where(tf.tensor2d(condition, [3, 2], 'bool'), x, y);
  expect(await elements(chosen)).toEqual(condition.map((c, i) => (c ? ofX : ofY)[i]));
});

it.each(['float32', 'bool', 'complex64'] as const)(
  'gathered elements of %s are those at their places, along any axis',
  async (dtype) => {
    const shape = [3, 5, 70];
    const x = typed(shape, dtype);
    const values = await elements(x);
    const all = shape.map((n) => between([0, n - 1]));
    for (const [axis, places] of [
      [2, 1, 2, 0],
      [4, 4, 0],
      [69, 3],
    ].entries()) {
      const gathered = tf.gather(x, tf.tensor1d(places, 'int32'), axis);
      expect([gathered.dtype, gathered.shape]).toEqual([
        dtype,
        shape.map((n, d) => (d === axis ? places.length : n)),
      ]);
      const axes = all.map((along, d) => (d === axis ? places : along));
      expect(await elements(gathered)).toEqual(picked(values, shape, axes));
    }
  },
);

it('each part of a batch is gathered by its own places', async () => {
  const x = waves([2, 3, 4, 2]);
  const values = await elements(x);
  const places = [
    [3, 0, 0],
    [1, 2, 3],
  ];
  const gathered = tf.gather(x, tf.tensor2d(places, [2, 3], 'int32'), 2, 1);
  expect(gathered.shape).toEqual([2, 3, 3, 2]);
  const expected = places.flatMap((own, batch) =>
    picked(values, [2, 3, 4, 2], [[batch], [0, 1, 2], own, [0, 1]]),
  );
  expect(await elements(gathered)).toEqual(expected);
});

it('an index out of range is refused', () => {
  for (const index of [-1, 3])
    expect(() => tf.gather(waves([3, 2]), tf.tensor1d([index], 'int32'))).toThrow(/not in/);
});

it('a slice out of bounds is refused', () => {
  expect(() => tf.slice(waves([3, 3]), [1, 1], [3, 1])).toThrow();
});
