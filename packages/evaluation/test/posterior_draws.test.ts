import '@elbo/gradients';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { posteriorDraws } from '../src/index.js';
import { covariance, exact, meanOf, params, someRows, worldOf } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const model = worldOf();

describe('posteriorDraws', () => {
  it('has the moments of the posterior of each row, from wherever it starts', async () => {
    const { x, rows } = await someRows(2);
    const [chains, draws] = [40, 60];
    // Ten standard deviations and more from the posterior.
    const start = tensor2d(Array.from({ length: chains * 2 }, (_, i) => [i % 2 === 0 ? 5 : -5, 4]));
    const before = memory().numTensors;
    const { points, acceptance } = await posteriorDraws(
      model,
      params,
      { x },
      { key: key(1), chains, warmUp: 40, draws, leapfrogs: 4, start },
    );
    expect(memory().numTensors).toBe(before);
    expect(points.values).toHaveLength(draws * chains * 2 * 2);
    expect(Math.abs(acceptance - 0.65)).toBeLessThan(0.15);
    rows.forEach((row, b) => {
      const { mean } = exact.posterior(row);
      for (let d = 0; d < 2; d++) {
        /** Of each chain, the mean over its draws of f: chains are independent, so their spread gives the error. */
        const ofChains = (f: (z: number) => number): number[] =>
          Array.from({ length: chains }, (_, c) =>
            meanOf(
              Array.from({ length: draws }, (__, t) =>
                f(points.values[((t * chains + c) * 2 + b) * 2 + d]!),
              ),
            ),
          );
        const truths = [
          [(z: number) => z, mean[d]!],
          [(z: number) => (z - mean[d]!) ** 2, covariance[d]![d]!],
        ] as const;
        for (const [f, truth] of truths) {
          const means = ofChains(f);
          const middle = meanOf(means);
          const error = Math.sqrt(
            meanOf(means.map((value) => (value - middle) ** 2)) / (chains - 1),
          );
          expect(Math.abs(middle - truth)).toBeLessThan(4 * error);
        }
      }
    });
  });

  it('refuses a start that does not fit, and leaves nothing behind', async () => {
    const { x } = await someRows(2);
    const start = tensor2d([[0, 0]]);
    const before = memory().numTensors;
    await expect(
      posteriorDraws(model, params, { x }, { key: key(2), chains: 3, start }),
    ).rejects.toThrow('start at [6, 2], not [1, 2]');
    await expect(posteriorDraws(model, params, { x }, { key: key(2), draws: 0 })).rejects.toThrow(
      "'draws' must be a whole number from 1",
    );
    expect(memory().numTensors).toBe(before);
  });
});
