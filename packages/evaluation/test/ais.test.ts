import { normal, uniform, type Normal } from '@elbo/core';
import '@elbo/gradients';
import type { Model } from '@elbo/objectives';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { add, memory, setBackend, sub, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  annealedLikelihood,
  bidirectionalLikelihood,
  estimateLikelihood,
  priorProposal,
  simulate,
  type AnnealingState,
} from '../src/index.js';
import { estimateOf } from '../src/estimate.js';
import { decoder, exact, meanOf, params, someRows, worldOf } from './world.js';

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
    const from = JSON.parse(states[2]!) as AnnealingState;
    await expect(
      annealedLikelihood(model, params, { x }, { ...options, temperatures: 2, from }),
    ).rejects.toThrow("'from' was made with 'temperatures' 6, and not 2");
  });

  it('keeps to the support of the prior', async () => {
    const box = { ...model, priorOf: () => uniform({ dim: 2, low: -1, high: 0.5 }) };
    const { x } = await someRows(6);
    const chains = 24;
    const found = await annealedLikelihood(
      box,
      params,
      { x },
      { key: key(5), chains, temperatures: 60, leapfrogs: 3 },
    );
    const samples = 20_000;
    const options = { key: key(6), samples, proposal: priorProposal };
    const sampled = await estimateLikelihood(box, params, { x }, options);
    sampled.logLikelihood.forEach((value, i) => {
      const error = Math.sqrt(
        1 / found.effectiveChains[i]! - 1 / chains + 1 / sampled.effectiveSampleSize[i]!,
      );
      expect(Math.abs(found.logLikelihood[i]! - value)).toBeLessThan(4 * error);
    });
  });

  it('gives each row its condition', async () => {
    // x|z, c ~ N(Wz + c, σ²): so log p(x|c) is that of x − c.
    const shifted: Model = {
      ...model,
      decoder: {
        ...decoder,
        likelihood: (ofDecoder, mode, z, condition) => {
          const own = decoder.likelihood(ofDecoder, mode, z, undefined) as Normal;
          return normal(add(own.location, condition!), own.logVar);
        },
      },
    };
    const condition = tensor2d([0, 1, 2, 3, 4, 5].map((c) => [c, -c, 0, 2 * c]));
    const simulated = simulate(shifted, params, key(7), 6, condition);
    const centred = sub(simulated.batch.x, condition).arraySync() as number[][];
    const found = await bidirectionalLikelihood(shifted, params, simulated, {
      key: key(8),
      chains: 12,
      temperatures: 60,
      leapfrogs: 3,
      chunk: 36,
    });
    centred.forEach((row, i) => {
      // As many chains and steps as above, where the error of a row was below .2.
      expect(Math.abs(found.lower[i]! - exact.logProb(row))).toBeLessThan(0.8);
      expect(Math.abs(found.upper[i]! - exact.logProb(row))).toBeLessThan(0.8);
    });
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
