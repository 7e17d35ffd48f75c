import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);

it('the smallest numbers have signs', async () => {
  const x = tf.tensor1d([1e-40, -1e-40, 0, -0, 2, -Infinity, NaN]);
  expect(Array.from(await tf.sign(x).data(), (s) => s + 0)).toEqual([1, -1, 0, 0, 1, -1, 0]);
});

it('whole numbers are finite, whatever their bits', async () => {
  const x = tf.tensor1d([-1, 2 ** 31 - 1, 0x7f800000], 'int32');
  expect(Array.from(await tf.isFinite(x).data())).toEqual([1, 1, 1]);
  expect(Array.from(await tf.isInf(x).data())).toEqual([0, 0, 0]);
  expect(Array.from(await tf.isNaN(x).data())).toEqual([0, 0, 0]);
});

it('functions of whole numbers and of booleans are those of the same real numbers', async () => {
  const whole = tf.tensor1d([2, 5, 0], 'int32');
  const truth = tf.tensor1d([true, false], 'bool');
  poisonHeap();
  for (const f of [tf.asinh, tf.log1p, tf.reciprocal]) {
    const real = await f(tf.cast(whole, 'float32')).data();
    expect(Array.from(await f(whole).data())).toEqual(Array.from(real));
  }
  for (const f of [tf.exp, tf.neg, tf.relu, tf.softplus, tf.square]) {
    const real = await f(tf.cast(truth, 'float32')).data();
    expect(Array.from(await f(truth).data())).toEqual(Array.from(real));
  }
});

it('numbers are counted, by weight where there are weights', async () => {
  const x = tf.tensor1d([1, 3, 1, 9], 'int32');
  poisonHeap();
  const counts = await tf.bincount(x, tf.tensor1d([]), 5).data();
  expect(Array.from(counts)).toEqual([0, 2, 0, 1, 0]);
  const weighted = await tf.bincount(x, tf.tensor1d([0.5, 2, 0.25, 1]), 4).data();
  expect(Array.from(weighted)).toEqual([0, 0.75, 0, 2]);
});
