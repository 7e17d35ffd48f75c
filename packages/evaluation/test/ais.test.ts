import '@elbo/gradients';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  annealedLikelihood,
  bidirectionalLikelihood,
  simulate,
  type AnnealingState,
} from '../src/index.js';
import { estimateOf } from '../src/estimate.js';
import { exact, meanOf, params, someRows, worldOf } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const model = worldOf();

describe('annealed importance sampling', () => {
  it('finds log p(x) from the prior, at an acceptance of about .65', async () => {
    const { x, rows } = await someRows(8);
    const before = memory().numTensors;
    const chains = 24;
    const found = await annealedLikelihood(
      model,
      params,
      { x },
      {
        key: key(1),
        chains,
        temperatures: 80,
        leapfrogs: 3,
      },
    );
    expect(memory().numTensors).toBe(before);
    rows.forEach((row, i) => {
      const error = Math.sqrt(1 / found.effectiveChains[i]! - 1 / chains);
      expect(Math.abs(found.logLikelihood[i]! - exact.logProb(row))).toBeLessThan(4 * error);
      expect(error).toBeLessThan(0.2);
    });
    expect(Math.abs(meanOf(found.acceptance) - 0.65)).toBeLessThan(0.1);
  });

  it('finds the mean of log p(x) to .02 nat from a normal near the posterior', async () => {
    const { x, rows } = await someRows(16);
    const found = await annealedLikelihood(
      worldOf(0.75),
      params,
      { x },
      {
        key: key(1),
        start: 'normal',
        chains: 32,
        temperatures: 50,
        leapfrogs: 3,
      },
    );
    const truth = meanOf(rows.map((row) => exact.logProb(row)));
    // Rows are independent: the errors of their logs, by the delta method, add up in squares.
    const variances = found.effectiveChains.map((size) => 1 / size - 1 / 32);
    expect(4 * Math.sqrt(meanOf(variances) / 16)).toBeLessThan(0.02);
    expect(Math.abs(found.mean - truth)).toBeLessThan(0.02);
  });

  it('bounds it from both sides', async () => {
    const simulated = simulate(model, params, key(2), 48);
    const rows = simulated.batch.x.arraySync() as number[][];
    const before = memory().numTensors;
    // Two chains and few temperatures: bounds far apart, each on its own side of the truth.
    const coarse = await bidirectionalLikelihood(model, params, simulated, {
      key: key(3),
      chains: 2,
      temperatures: 20,
      leapfrogs: 3,
    });
    const fine = await bidirectionalLikelihood(model, params, simulated, {
      key: key(4),
      chains: 8,
      temperatures: 50,
      leapfrogs: 3,
    });
    expect(memory().numTensors).toBe(before);
    const truth = rows.map((row) => exact.logProb(row));
    const below = estimateOf(truth.map((value, i) => value - coarse.lower[i]!));
    const above = estimateOf(truth.map((value, i) => coarse.upper[i]! - value));
    for (const { mean, error } of [below, above]) expect(mean).toBeGreaterThan(2 * error);
    expect(coarse.gap.mean).toBeCloseTo(below.mean + above.mean, 10);
    for (const bound of [fine.lower, fine.upper]) {
      const { mean, error } = estimateOf(truth.map((value, i) => value - bound[i]!));
      expect(Math.abs(mean)).toBeLessThan(4 * error);
    }
    expect(fine.gap.mean).toBeLessThan(coarse.gap.mean / 4);
  });

  it('goes on where it stopped, to the same bits', async () => {
    const { x } = await someRows(3);
    const options = { key: key(3), chains: 2, temperatures: 6, leapfrogs: 2, chunk: 4 };
    const whole = await annealedLikelihood(model, params, { x }, options);
    const states: string[] = [];
    await annealedLikelihood(
      model,
      params,
      { x },
      {
        ...options,
        onState: (state) => states.push(JSON.stringify(state)),
      },
    );
    // Two blocks of rows, each with a pilot and a forward leg of six temperatures.
    expect(states).toHaveLength(24);
    for (const state of states) {
      const resumed = await annealedLikelihood(
        model,
        params,
        { x },
        {
          ...options,
          from: JSON.parse(state) as AnnealingState,
        },
      );
      expect(resumed).toEqual(whole);
    }
  });

  it('aborts between temperatures, and leaves nothing behind', async () => {
    const { x } = await someRows(2);
    const before = memory().numTensors;
    const controller = new AbortController();
    let calls = 0;
    await expect(
      annealedLikelihood(
        model,
        params,
        { x },
        {
          key: key(4),
          chains: 2,
          temperatures: 50,
          signal: controller.signal,
          onProgress: () => {
            if (++calls === 3) controller.abort();
          },
        },
      ),
    ).rejects.toThrow('aborted');
    expect(calls).toBe(3);
    expect(memory().numTensors).toBe(before);
  });
});
