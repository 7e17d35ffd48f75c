import { tmpdir } from 'node:os';
import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { capabilities, heldTensors, selectBackend } from '../src/index.js';

// Where nothing optional is installed.
const resolveFrom = tmpdir();

// These tests share one process, and a backend starts once in a process: their order matters.

test('auto takes wasm, says so, and leaves no tensor', async () => {
  const selected = await selectBackend({ resolveFrom });
  expect(selected).toMatchObject({ name: 'wasm', device: 'cpu', threads: 1 });
  expect(selected.tried.at(-1)).toEqual({ name: 'wasm', outcome: 'selected' });
  expect(selected.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(tf.getBackend()).toBe('wasm');
  expect(tf.memory().numTensors).toBe(0);
});

test('starting a backend leaves the handlers of uncaught errors alone', () => {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    const sources = process.rawListeners(event).map(String);
    expect(sources.filter((source) => source.includes('ExitStatus'))).toEqual([]);
    expect(sources.filter((source) => /throw (reason|ex)\b/.test(source))).toEqual([]);
  }
});

test('the first use of cpu prints no advertisement for another backend', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await selectBackend({ backend: 'cpu' });
  tf.ones([1]).dispose();
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
  expect(tf.env().getBool('PROD')).toBe(false);
});

test('naming cpu gives cpu, and selecting again gives the same instance', async () => {
  const ones = tf.ones([2]);
  expect((await selectBackend({ backend: 'cpu' })).name).toBe('cpu');
  expect(tf.getBackend()).toBe('cpu');
  const instance = tf.backend();
  await selectBackend({ backend: 'wasm' });
  await selectBackend({ backend: 'cpu' });
  expect(tf.backend()).toBe(instance);
  // A tensor made on the other backend is still readable.
  expect(Array.from(await ones.data())).toEqual([1, 1]);
  ones.dispose();
});

test.each(['cpu', 'wasm'])('what is held on %s is counted exactly', async (backend) => {
  await selectBackend({ backend });
  const before = heldTensors();
  const ones = tf.ones([2]);
  const shared = tf.clone(ones);
  expect(heldTensors()).toEqual({ tensors: before.tensors + 2, buffers: before.buffers + 1 });
  tf.dispose([ones, shared]);
  expect(heldTensors()).toEqual(before);
});

test.each([
  ['webgl', /'webgl' cannot be used: it needs a page in a browser: use node, wasm or cpu/],
  ['wams', /Unknown backend 'wams'; did you mean 'wasm'\?/],
  ['toString', /Unknown backend 'toString'/],
])('%s is refused with what to do, and nothing changes', async (backend, message) => {
  await selectBackend({ backend: 'cpu' });
  const attempt = selectBackend({ backend });
  await expect(attempt).rejects.toThrow(message);
  await expect(attempt).rejects.toBeInstanceOf(BackendError);
  expect(tf.getBackend()).toBe('cpu');
});

test.each([0, 1.5, NaN])('%s threads are refused', async (threads) => {
  await expect(selectBackend({ threads })).rejects.toThrow(/threads must be a whole number/);
});

test('threads that cannot be had are refused by every backend, with each reason', async () => {
  await selectBackend({ backend: 'cpu' });
  const attempt = selectBackend({ threads: 4, resolveFrom });
  await expect(attempt).rejects.toThrow(/'wasm' cannot be used: it runs on 1 thread, not 4/);
  await expect(attempt).rejects.toThrow(/'cpu' cannot be used: it runs on 1 thread, not 4/);
  expect(tf.getBackend()).toBe('cpu');
});

test('capabilities are those of the current backend', async () => {
  await selectBackend({ backend: 'wasm' });
  const wasm = capabilities();
  // Stock wasm cannot train a convolution; with the kernels of @elbo/wasm it can.
  expect(wasm).toEqual({ backend: 'wasm', simd: true, precision: 32, missingKernels: [] });
  await selectBackend({ backend: 'cpu' });
  expect(capabilities()).toEqual({
    backend: 'cpu',
    simd: false,
    precision: 32,
    missingKernels: [],
  });
});

test('a backend whose gradient is wrong is refused, and the one before it comes back', async () => {
  await selectBackend({ backend: 'cpu' });
  const kernel = tf.getKernel('BatchMatMul', 'wasm');
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({
    ...kernel,
    kernelFunc: (call) =>
      // Right forward, wrong with a transposed operand: only a gradient sees it.
      kernel.kernelFunc({ ...call, attrs: { ...call.attrs, transposeA: false } }),
  });
  try {
    const attempt = selectBackend({ backend: 'wasm' });
    await expect(attempt).rejects.toThrow(/'wasm' cannot be used/);
    expect(tf.getBackend()).toBe('cpu');
    const selected = await selectBackend({ resolveFrom });
    expect(selected.name).toBe('cpu');
    expect(selected.tried.slice(-2).map(({ name, outcome }) => [name, outcome])).toEqual([
      ['wasm', 'failed'],
      ['cpu', 'selected'],
    ]);
    expect(tf.memory().numTensors).toBe(0);
  } finally {
    tf.unregisterKernel('BatchMatMul', 'wasm');
    tf.registerKernel(kernel);
  }
  expect((await selectBackend({ resolveFrom })).name).toBe('wasm');
});
