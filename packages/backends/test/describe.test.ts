import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { capabilities, describeBackends, selectBackend } from '../src/index.js';

test('without a current backend, capabilities says what to do', () => {
  expect(() => capabilities()).toThrow(/await selectBackend\(\) first/);
});

test('it describes what is here and what is not, and chooses nothing', async () => {
  const described = await describeBackends();
  expect(described.map(({ name, available }) => [name, available])).toEqual([
    ['wasm', true],
    ['cpu', true],
    ['node-gpu', false],
    ['node', false],
    ['webgpu', false],
    ['webgl', false],
  ]);
  const [wasm, cpu] = described;
  if (!wasm?.available || !cpu?.available) throw new Error('wasm and cpu must be here');
  expect(Math.min(wasm.speed, cpu.speed)).toBe(1);
  expect(wasm.milliseconds).toBeLessThan(cpu.milliseconds);
  const last = described.at(-1)!;
  expect(last.available ? '' : last.reason).toMatch(/not supported yet/);
  expect(tf.engine().backendName).toBeFalsy();
});

test('the current backend stays, and its tensors too', async () => {
  await selectBackend({ backend: 'cpu' });
  const tensor = tf.tensor1d([1, 2]);
  await describeBackends();
  expect(tf.getBackend()).toBe('cpu');
  expect(Array.from(await tensor.data())).toEqual([1, 2]);
  expect(tf.memory().numTensors).toBe(1);
  tensor.dispose();
});
