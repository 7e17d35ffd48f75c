import { dense } from '@elbo/ops';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';

beforeAll(accelerated);

/** The product of matrices of numbers, in double precision, and Σ |a b|, which bounds its rounding. */
function exactly(a: number[][], b: number[][]): { sum: number; size: number }[][] {
  const columns = turned(b);
  return a.map((row) =>
    columns.map((column) => {
      let sum = 0;
      let size = 0;
      for (let k = 0; k < row.length; k++) {
        const term = row[k]! * column[k]!;
        sum += term;
        size += Math.abs(term);
      }
      return { sum, size };
    }),
  );
}

const turned = (m: number[][]): number[][] => m[0]!.map((_, j) => m.map((row) => row[j]!));

/** Numbers of a matrix that is stored transposed or not. */
async function stored(rows: number, columns: number, transposed: boolean, phase: number) {
  const tensor = waves(transposed ? [columns, rows] : [rows, columns], phase);
  const numbers = (await tensor.array()) as number[][];
  return { tensor, numbers: transposed ? turned(numbers) : numbers };
}

const sizes = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(31, 32, 33, 96, 97, 128));

it('matMul is the product within n units of rounding of Σ|a||b|, in all layouts and awkward sizes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ m: sizes, k: fc.oneof(sizes, fc.constantFrom(255, 256, 257, 600)), n: sizes }),
      fc.boolean(),
      fc.boolean(),
      async ({ m, k, n }, ta, tb) => {
        const a = await stored(m, k, ta, 0);
        const b = await stored(k, n, tb, 1);
        poisonHeap();
        const product = tf.matMul(a.tensor, b.tensor, ta, tb);
        const values = (await product.array()) as number[][];
        // Each sum of k products is off by at most k roundings of its largest partial sum (Higham 2002, §3.1).
        const wrong = exactly(a.numbers, b.numbers).flatMap((row, i) =>
          row.filter(({ sum, size }, j) => {
            const off = Math.abs(values[i]![j]! - sum);
            return !(off <= k * 2 ** -24 * size + 1e-30);
          }),
        );
        expect(wrong).toEqual([]);
        tf.dispose([a.tensor, b.tensor, product]);
      },
    ),
    { numRuns: 150, seed: 1 },
  );
});

it('a product wider than a block of columns and deeper than a block of rows is the sum of its parts', async () => {
  const [a, b] = [waves([5, 700]), waves([700, 2100], 1)] as [tf.Tensor2D, tf.Tensor2D];
  const parts = tf.tidy(() =>
    tf.concat(
      [0, 1050].map((start) => tf.matMul(a, tf.slice(b, [0, start], [700, 1050]))),
      1,
    ),
  );
  const whole = tf.matMul(a, b);
  expect(Array.from(await whole.data())).toEqual(Array.from(await parts.data()));
  tf.dispose([a, b, parts, whole]);
});

it('batch dimensions broadcast in both directions at once', async () => {
  const [a, b] = [waves([2, 1, 3, 4]), waves([1, 3, 4, 5], 1)];
  const product = tf.matMul(a, b);
  expect(product.shape).toEqual([2, 3, 3, 5]);
  for (const [i, j] of [
    [0, 0],
    [0, 2],
    [1, 1],
  ] as const) {
    const one = tf.tidy(() =>
      tf.matMul(
        tf.squeeze<tf.Tensor2D>(tf.slice(a, [i, 0, 0, 0], [1, 1, 3, 4])),
        tf.squeeze<tf.Tensor2D>(tf.slice(b, [0, j, 0, 0], [1, 1, 4, 5])),
      ),
    );
    const same = tf.squeeze(tf.slice(product, [i, j, 0, 0], [1, 1, 3, 5]));
    expect(Array.from(await same.data())).toEqual(Array.from(await one.data()));
  }
});

it.each([
  ['a number', []],
  ['a row', [5]],
  ['a matrix of one row', [1, 5]],
  ['a column', [4, 1]],
  ['a matrix', [4, 5]],
  ['a stack', [3, 4, 5]],
  ['a stack of rows', [3, 1, 5]],
])('fused.matMul adds a bias that is %s, to each product once', async (_, shape) => {
  for (const transposeA of [false, true]) {
    const a = waves(transposeA ? [3, 6, 4] : [3, 4, 6]) as tf.Tensor3D;
    const b = waves([3, 6, 5], 1) as tf.Tensor3D;
    const bias = waves(shape, 2);
    const fused = tf.fused.matMul({ a, b, transposeA, bias, activation: 'relu' });
    const apart = tf.relu(tf.add(tf.matMul(a, b, transposeA), bias));
    expect(Array.from(await fused.data())).toEqual(Array.from(await apart.data()));
  }
});

it('prelu takes its weights', async () => {
  const [a, b] = [waves([4, 6]), waves([6, 5], 1)] as [tf.Tensor2D, tf.Tensor2D];
  const weights = tf.tensor1d([0.1, 0.2, 0.3, 0.4, 0.5]);
  const fused = tf.fused.matMul({
    a,
    b,
    activation: 'prelu',
    preluActivationWeights: weights,
  });
  expect(Array.from(await fused.data())).toEqual(
    Array.from(await tf.prelu(tf.matMul(a, b), weights).data()),
  );
});

it('int32 products are exact, modulo 2³²', async () => {
  const a = tf.tensor2d([1, -2, 2 ** 20, 7], [2, 2], 'int32');
  const b = tf.tensor2d([3, 2 ** 20, 5, -1], [2, 2], 'int32');
  const product = tf.matMul(a, b);
  expect(product.dtype).toBe('int32');
  // 2²⁰·2²⁰ = 2⁴⁰ is 0 modulo 2³².
  expect(Array.from(await product.data())).toEqual([-7, 2 ** 20 + 2, 3 * 2 ** 20 + 35, -7]);
});

it('a product over nothing is zero, and one of nothing is empty', async () => {
  poisonHeap();
  const zero = tf.matMul(tf.zeros<tf.Rank.R2>([2, 0]), tf.zeros<tf.Rank.R2>([0, 3]));
  expect(Array.from(await zero.data())).toEqual([0, 0, 0, 0, 0, 0]);
  const empty = tf.matMul(tf.zeros<tf.Rank.R2>([0, 2]), tf.zeros<tf.Rank.R2>([2, 3]));
  expect(empty.shape).toEqual([0, 3]);
});

it('NaN and infinity reach the product, and survive relu', async () => {
  const a = tf.tensor2d([NaN, 1, -Infinity, 1], [2, 2]);
  const product = dense(a, tf.tensor2d([1, 1], [2, 1]), tf.tensor1d([0]), 'relu');
  expect(Array.from(await product.data())).toEqual([NaN, 0]);
});
