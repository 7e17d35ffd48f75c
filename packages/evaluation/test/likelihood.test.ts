import '@elbo/gradients';
import { uniform } from '@elbo/core';
import { compose, kl, reconstruction, type Encoder } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, reshape, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { estimateLikelihood, estimateOf, logLikelihood, priorProposal } from '../src/index.js';
import { exact, meanOf, params, someRows, worldOf } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

describe('estimateLikelihood', () => {
  it.each([
    ['the posterior', 1.3, 'posterior', 4000],
    ['a widened normal', 0.8, 'normal', 4000],
    ['the prior', 1, priorProposal, 40_000],
  ] as const)('finds log p(x) with %s to .02 nat', async (_, scale, proposal, samples) => {
    const { x, rows } = await someRows(8);
    const before = memory().numTensors;
    const found = await estimateLikelihood(
      worldOf(scale),
      params,
      { x },
      {
        key: key(1),
        samples,
        proposal,
      },
    );
    expect(memory().numTensors).toBe(before);
    const truth = rows.map((row) => exact.logProb(row));
    expect(Math.abs(found.mean - meanOf(truth))).toBeLessThan(0.02);
    truth.forEach((value, i) => {
      // The delta method: the variance of the log of a mean of weights is about 1/ESS − 1/S.
      const error = Math.sqrt(1 / found.effectiveSampleSize[i]! - 1 / samples);
      expect(Math.abs(found.logLikelihood[i]! - value)).toBeLessThan(4.5 * error + 1e-4);
    });
    const spread = meanOf(truth.map((value) => (value - meanOf(truth)) ** 2)) / 7;
    expect(found.error).toBeCloseTo(Math.sqrt(spread), 1);
    expect(found.bias!).toBeLessThan(0.01);
    expect(Math.abs(found.mean - meanOf(truth))).toBeLessThan(4 * found.samplingError + 1e-4);
    expect(found.medianEffectiveSampleSize).toBeGreaterThan(100);
  });

  it('has the spread over repetitions that its sampling error says', async () => {
    const { x } = await someRows(5);
    const repetitions = 60;
    const found = [];
    for (let i = 0; i < repetitions; i++)
      found.push(
        await estimateLikelihood(
          worldOf(1.4),
          params,
          { x },
          { key: fold(key(7), i), samples: 300, proposal: 'posterior' },
        ),
      );
    const spread = estimateOf(found.map(({ mean }) => mean)).error * Math.sqrt(repetitions);
    const stated = meanOf(found.map(({ samplingError }) => samplingError));
    // A standard deviation of 60 values is right to a share of 1/√118.
    expect(Math.abs(spread / stated - 1)).toBeLessThan(3.5 / Math.sqrt(118));
  });

  it('streams: the size of the chunks changes the noise, and not what is estimated', async () => {
    const { x, rows } = await someRows(3);
    for (const chunk of [7, 1000]) {
      const found = await estimateLikelihood(
        worldOf(1),
        params,
        { x },
        {
          key: key(2),
          samples: 100,
          proposal: 'posterior',
          chunk,
        },
      );
      // Of the exact posterior every weight is p(x).
      expect(found.mean).toBeCloseTo(meanOf(rows.map((row) => exact.logProb(row))), 4);
    }
  });
});

describe('logLikelihood', () => {
  it('of the exact posterior, weighs every sample alike', async () => {
    const { x } = await someRows(5);
    const options = { key: key(4), samples: 100, chunk: 37, proposal: 'posterior' } as const;
    const { effectiveSampleSize } = await logLikelihood(worldOf(1), params, { x }, options);
    for (const size of effectiveSampleSize) expect(size).toBeCloseTo(100, 3);
  });

  it('gives samples outside the support of the prior no weight', async () => {
    // A wide posterior leaves the box often, and log p(z) is −∞ there.
    const { decoder, encoder } = worldOf(3);
    const model = compose({
      prior: uniform({ dim: 2, low: -3, high: 3 }),
      encoder: encoder as Encoder<'posterior' | 'logProb'>,
      decoder,
      terms: [reconstruction(), kl()],
    });
    const { x } = await someRows(4);
    const found = await logLikelihood(
      model,
      params,
      { x },
      { key: key(4), samples: 2000, proposal: 'posterior' },
    );
    expect(found.logLikelihood.every(Number.isFinite)).toBe(true);
    expect(Math.min(...found.effectiveSampleSize)).toBeGreaterThan(20);
  });

  it('leaves nothing behind when it fails', async () => {
    const { x } = await someRows(6);
    const misshapen = reshape(x, [12, 2]);
    const before = memory().numTensors;
    for (const proposal of ['posterior', 'normal'] as const)
      await expect(
        logLikelihood(worldOf(1), params, { x: misshapen }, { key: key(4), proposal }),
      ).rejects.toThrow();
    expect(memory().numTensors).toBe(before);
  });
});
