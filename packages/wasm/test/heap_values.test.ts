import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { add, mul, setBackend, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { heapValues } from '../src/index.js';

test('on wasm a tensor is read where it lies, also after the heap has grown', async () => {
  setThreadsCount(1);
  await setBackend('wasm');
  const sum = add(tensor2d([[1, -2, NaN]]), mul(tensor2d([[3, 4, Infinity]]), 0.5));
  expect(heapValues(sum)).toEqual(await sum.data());
  const large = tensor(new Float32Array(2 ** 24));
  expect(heapValues(sum)).toEqual(Float32Array.of(2.5, 0, NaN));
  expect(heapValues(large)!.length).toBe(2 ** 24);
  expect(heapValues(sum)!.buffer).toBe(heapValues(large)!.buffer);
});

test('on another backend there is nothing to read so', async () => {
  await setBackend('cpu');
  expect(heapValues(tensor([1, 2]))).toBeUndefined();
});
