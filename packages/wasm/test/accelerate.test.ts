import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { accelerate, WasmError } from '../src/index.js';

/** A backend that goes by the name, and lets the stock kernels set themselves up. */
class Unknown extends tf.KernelBackend {
  readonly wasm = { cwrap: () => () => 0 };

  override dispose(): void {
    // It holds nothing.
  }
}

// These tests share one process, and a backend starts once in a process: their order matters.

it('another backend is left alone, with an error that says what to do', async () => {
  await tf.setBackend('cpu');
  const attempt = accelerate();
  await expect(attempt).rejects.toBeInstanceOf(WasmError);
  await expect(attempt).rejects.toThrow(/the current one is 'cpu': await tf\.setBackend\('wasm'\)/);
});

it('a backend of that name that is not known is left alone, with an error that names what it lacks', async () => {
  const stock = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => new Unknown());
  try {
    await tf.setBackend('wasm');
    await expect(accelerate()).rejects.toThrow(/not known to @elbo\/wasm.*Install .* 4\.22/);
  } finally {
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', stock, 2);
  }
});

it('two calls at once do it once, and a third does nothing and says so', async () => {
  setThreadsCount(1);
  await tf.setBackend('wasm');
  const [first, second] = await Promise.all([accelerate(), accelerate()]);
  expect([first.already, second.already]).toEqual([false, true]);
  const kernel = tf.getKernel('BatchMatMul', 'wasm');
  const third = await accelerate();
  expect(third).toEqual({ ...first, already: true });
  expect(tf.getKernel('BatchMatMul', 'wasm')).toBe(kernel);
});

it('a second copy of tfjs-core shares the engine, and so the kernels', async () => {
  const require = createRequire(import.meta.url);
  const folder = await mkdtemp(join(tmpdir(), 'elbo-core-'));
  try {
    const copy = join(folder, 'core.cjs');
    await copyFile(require.resolve('@tensorflow/tfjs-core'), copy);
    const other = createRequire(require.resolve('@tensorflow/tfjs-core'))(copy) as typeof tf;
    expect(other.Tensor).not.toBe(tf.Tensor);
    expect(other.getKernel('BatchMatMul', 'wasm')).toBe(tf.getKernel('BatchMatMul', 'wasm'));
    const product = other.matMul(other.tensor2d([1, 2, 3, 4], [2, 2]), tf.eye(2), true);
    expect(Array.from(await product.data())).toEqual([1, 3, 2, 4]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
