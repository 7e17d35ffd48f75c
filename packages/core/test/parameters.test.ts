import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { countParameters, formatBytes, MemoryError, parameter, type Params } from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const init = (): Params => ({
  a: parameter([2, 3], () => {
    throw new Error('made');
  }),
  b: parameter([4], () => {
    throw new Error('made');
  }),
});

test('parameters are counted without being made, and made again afterwards', () => {
  expect(countParameters(init)).toBe(10);
  expect(init).toThrow('made');
  const made = parameter([2], () => tensor1d([1, 2]));
  expect([...made.dataSync()]).toEqual([1, 2]);
  made.dispose();
});

test('there may be as many as the limit and no more; a count that fails ends too', () => {
  expect(countParameters(init, 10)).toBe(10);
  expect(() => countParameters(init, 9)).toThrow(MemoryError);
  expect(init).toThrow('made');
  // A count within a count goes by its own limit, and gives the outer one back.
  const outer = (): Params => {
    expect(countParameters(init, 10)).toBe(10);
    return init();
  };
  expect(() => countParameters(outer, 9)).toThrow(/may take 36 bytes/);
});

test('a tensor of 2³² bytes can be, a larger one cannot', () => {
  const made = tensor1d([0]);
  expect(parameter([2 ** 30], () => made)).toBe(made);
  expect(() => parameter([2 ** 30 + 1], () => made)).toThrow(
    /4.29 GB, and a tensor has 4.29 GB at most/,
  );
  made.dispose();
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [1_250_000, '1.25 MB'],
  [3e9, '3 GB'],
  [7e15, '7 PB'],
  [7e20, '700000 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
