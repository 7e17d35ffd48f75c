import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { information } from '../src/index.js';
import { covariance, params, someRows, worldOf } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const det = (m: readonly (readonly number[])[]): number =>
  m[0]![0]! * m[1]![1]! - m[0]![1]! * m[1]![0]!;

describe('information', () => {
  it.each([1, 2])(
    'is bounded from both sides in the linear-Gaussian world, with scale %d',
    async (scale) => {
      const rows = 500;
      const { x } = await someRows(rows);
      const before = memory().numTensors;
      const found = await information(worldOf(scale), params, { x }, { key: key(1) });
      expect(memory().numTensors).toBe(before);
      // q(z|x) has the covariance scale² Σ, and q(z) = I + (scale² − 1) Σ: I = ½ log of the ratio of determinants.
      const aggregate = covariance.map((row, i) =>
        row.map((value, j) => (scale ** 2 - 1) * value + (i === j ? 1 : 0)),
      );
      const truth = 0.5 * Math.log(det(aggregate) / (scale ** 4 * det(covariance)));
      const marginal = 0.5 * (aggregate[0]![0]! + aggregate[1]![1]! - 2 - Math.log(det(aggregate)));
      const near = (value: number, to: number, { error }: { error: number }): void => {
        expect(Math.abs(value - to)).toBeLessThan(4 * error);
      };
      expect(found.lower.mean).toBeLessThan(found.upper.mean);
      expect(found.lower.mean).toBeLessThan(truth + 3 * found.lower.error);
      expect(found.upper.mean).toBeGreaterThan(truth - 3 * found.upper.error);
      expect(found.upper.mean - found.lower.mean).toBeLessThan(0.1);
      near(found.kl.mean, truth + marginal, found.kl);
      expect(found.marginal.lower.mean).toBeCloseTo(found.kl.mean - found.upper.mean, 10);
      expect(found.marginal.lower.mean).toBeLessThan(marginal + 4 * found.marginal.lower.error);
      expect(found.marginal.upper.mean).toBeGreaterThan(marginal - 4 * found.marginal.upper.error);
    },
  );

  it('is at most log N where the posteriors do not overlap, and the chunks do not matter', async () => {
    const { x } = await someRows(10);
    const options = { key: key(2) };
    const narrow = await information(worldOf(1e-3), params, { x }, options);
    expect(narrow.lower.mean).toBeCloseTo(Math.log(10), 4);
    expect(narrow.upper.mean).toBeGreaterThan(1000);
    expect(await information(worldOf(1e-3), params, { x }, { ...options, chunk: 20 })).toEqual(
      narrow,
    );
  });
});
