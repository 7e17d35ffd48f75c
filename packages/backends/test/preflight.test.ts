import { gradientsOf } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { preflight, selectBackend } from '../src/index.js';

beforeAll(async () => {
  await selectBackend({ backend: 'wasm' });
});

/** Runs something on a backend from which kernels were taken. */
async function without<T>(names: readonly string[], run: () => Promise<T>): Promise<T> {
  const kernels = names.map((name) => tf.getKernel(name, 'wasm'));
  for (const name of names) tf.unregisterKernel(name, 'wasm');
  try {
    return await run();
  } finally {
    for (const kernel of kernels) {
      if ((tf.getKernel(kernel.kernelName, 'wasm') as unknown) !== undefined)
        tf.unregisterKernel(kernel.kernelName, 'wasm');
      tf.registerKernel(kernel);
    }
  }
}

async function read(tensor: tf.Tensor): Promise<readonly number[]> {
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

test('it records the kernels of a pass and its gradients, and changes nothing', async () => {
  const before = tf.memory().numTensors;
  const runKernel = tf.engine().runKernel;
  const { used, missing } = await preflight(async () => {
    const gradient = tf.tidy(() => {
      const x = tf.tensor1d([1, 2]);
      const { loss } = gradientsOf(() => ({ loss: tf.sum<tf.Scalar>(tf.exp(x)) }), { loss: { x } });
      return loss.gradients.x as tf.Tensor;
    });
    expect(await read(gradient)).toEqual([Math.fround(Math.E), Math.fround(Math.E ** 2)]);
  });
  expect(missing).toEqual([]);
  expect(used).toEqual(expect.arrayContaining(['Exp', 'Multiply', 'Sum']));
  expect(tf.engine().runKernel).toBe(runKernel);
  expect(tf.memory().numTensors).toBe(before);
});

test('a kernel that can be composed is, and gives what the kernel gives', async () => {
  const sorted = () => tf.tensor2d([1, 2, 2, 4, 0, 3, 5, 9], [2, 4]);
  const values = () => tf.tensor2d([2, 0, 5, 3, 9, 10], [2, 3]);
  const counted = () => tf.tensor1d([0, 2, 2, 5, 1], 'int32');
  const weights = () => tf.tensor1d([0.5, 1, 2, 4, 8]);
  const rows = () => tf.tensor2d([0, 2, 2, 1, 1, 1], [2, 3], 'int32');
  const all = async (): Promise<readonly (readonly number[])[]> => [
    await read(tf.tidy(() => tf.searchSorted(sorted(), values(), 'left'))),
    await read(tf.tidy(() => tf.searchSorted(sorted(), values(), 'right'))),
    await read(tf.tidy(() => tf.denseBincount(counted(), weights(), 6))),
    await read(tf.tidy(() => tf.denseBincount(counted(), tf.tensor1d([]), 4))),
    await read(tf.tidy(() => tf.denseBincount(rows(), tf.tensor2d([], [0, 0]), 3))),
    await read(tf.tidy(() => tf.denseBincount(rows(), tf.tensor2d([], [0, 0]), 3, true))),
  ];
  const expected = await all();
  await without(['SearchSorted', 'DenseBincount'], async () => {
    const { missing } = await preflight(async () => {
      await all();
    });
    expect(missing).toEqual(['DenseBincount', 'SearchSorted']);
    expect(await all()).toEqual(expected);
  });
});

test('a kernel that cannot be composed is refused by its name, with every other', async () => {
  await without(['Exp', 'Tanh'], async () => {
    const attempt = preflight(async () => {
      await read(tf.tidy(() => tf.tanh(tf.exp(tf.ones([2, 3])))));
    });
    await expect(attempt).rejects.toThrow(
      /'wasm' has no kernel for Exp, Tanh, which this model needs: .*cpu/,
    );
    expect(tf.getKernel('Exp', 'wasm')).toBeUndefined();
  });
});
