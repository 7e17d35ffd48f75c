import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { expectKnown } from '../src/backend.js';
import { accelerated, poisonHeap, waves } from './wasm.js';

beforeAll(accelerated);

function address({ dataId }: tf.Tensor): number | null {
  const backend: object = tf.engine().backend;
  expectKnown(backend);
  return backend.dataIdMap.get(dataId).memoryOffset;
}

it('a clone shares its numbers, which stay until both are disposed', async () => {
  const x = waves([1000]);
  const numbers = Array.from(await x.data());
  const clone = tf.clone(x);
  expect(address(clone)).toBe(address(x));
  x.dispose();
  poisonHeap(1000);
  expect(Array.from(await clone.data())).toEqual(numbers);
  clone.dispose();
});

it('a cast to the same type copies nothing', () => {
  const x = waves([10]);
  expect(address(tf.cast(x, 'float32'))).toBe(address(x));
});

it('a number is true where it is not 0, NaN too', async () => {
  poisonHeap();
  const numbers = tf.tensor1d([256, 0.25, 0, -0, -1, NaN]);
  expect(Array.from(await tf.cast(numbers, 'bool').data())).toEqual([1, 1, 0, 0, 1, 1]);
  const whole = tf.tensor1d([256, 0, -1], 'int32');
  expect(Array.from(await tf.cast(whole, 'bool').data())).toEqual([1, 0, 1]);
});

it('a cast to whole numbers cuts fractions off', async () => {
  const whole = tf.cast(tf.tensor1d([1.9, -1.9, 0.5, NaN]), 'int32');
  expect(Array.from(await whole.data())).toEqual([1, -1, 0, 0]);
});
