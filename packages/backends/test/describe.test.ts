import { tmpdir } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { capabilities, describeBackends, selectBackend } from '../src/index.js';

// Where nothing optional is installed.
const resolveFrom = tmpdir();

test('without a current backend, capabilities says what to do', () => {
  expect(() => capabilities()).toThrow(/await selectBackend\(\) first/);
});

test('it describes what is here and what is not, and chooses nothing', async () => {
  const described = await describeBackends({ resolveFrom });
  expect(described.map(({ name, available }) => [name, available])).toEqual([
    ['node-gpu', false],
    ['node', false],
    ['webgpu', false],
    ['webgl', false],
    ['wasm', true],
    ['cpu', true],
  ]);
  const [, , , webgl, wasm, cpu] = described;
  if (!wasm?.available || !cpu?.available) throw new Error('wasm and cpu must be here');
  // Which of the two is faster is the machine's affair: one is the slowest, and speeds are the other way round than times.
  expect(Math.min(wasm.speed, cpu.speed)).toBe(1);
  expect(wasm.speed / cpu.speed).toBeCloseTo(cpu.milliseconds / wasm.milliseconds, 10);
  expect(webgl).toMatchObject({ reason: expect.stringMatching(/needs a page/) as string });
  expect(tf.engine().backendName).toBeFalsy();
});

test('the current backend stays, and its tensors too', async () => {
  await selectBackend({ backend: 'cpu' });
  const tensor = tf.tensor1d([1, 2]);
  await describeBackends({ resolveFrom });
  expect(tf.getBackend()).toBe('cpu');
  expect(Array.from(await tensor.data())).toEqual([1, 2]);
  expect(tf.memory().numTensors).toBe(1);
  tensor.dispose();
});
