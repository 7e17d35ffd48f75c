import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { accelerate } from '../src/index.js';
import { accelerated } from './wasm.js';

const sum = async (): Promise<number> => (await tf.sum(tf.ones([1000])).data())[0]!;

it('an engine that is reset gets a new backend, which works as it is and accelerated', async () => {
  await accelerated();
  expect(await sum()).toBe(1000);
  const first = tf.engine().backend;
  tf.engine().reset();
  await tf.setBackend('wasm');
  expect(tf.engine().backend).not.toBe(first);
  // Stock kernels serve it, in its own memory.
  expect(await sum()).toBe(1000);
  expect(() => tf.einsum('i->', tf.ones([2]))).toThrow(/await accelerate\(\)/);
  expect((await accelerate()).already).toBe(false);
  expect(await sum()).toBe(1000);
  expect((await tf.einsum('i->', tf.ones([2])).data())[0]).toBe(2);
  // What one of this package's kernels leaves to the stock one goes to that of the new backend.
  expect(Array.from(await tf.where(tf.tensor1d([true], 'bool'), [1], [2]).data())).toEqual([1]);
});
