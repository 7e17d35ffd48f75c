import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { criticOnALine } from '@elbo/testing/worlds/critic-on-a-line';

it('finds W₁ of two samples on a line within 5 %, raw and divided by its largest slope', async () => {
  setThreadsCount(1);
  await setBackend('wasm');
  const { exact, gap, distance, slope } = criticOnALine();
  expect(Math.abs(gap / exact - 1)).toBeLessThan(0.05);
  expect(Math.abs(distance / exact - 1)).toBeLessThan(0.05);
  expect(slope).toBeLessThan(1.1);
});
