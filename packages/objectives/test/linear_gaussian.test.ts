import '@elbo/gradients';
import { disposeTree, uniform } from '@elbo/core';
import { fold, key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, reshape, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compose, kl, logLikelihood, reconstruction } from '../src/index.js';
import {
  decoder,
  diagonalEncoder,
  exactEncoder,
  gapOfDiagonal,
  logEvidence,
  prior,
  someRows,
} from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

describe('in the linear-Gaussian world', () => {
  it('the ELBO of the exact posterior is log p(x), at every draw', () => {
    const model = compose({
      prior,
      encoder: exactEncoder,
      decoder,
      terms: [reconstruction(), kl()],
    });
    const { x, rows } = someRows(16);
    const params = model.init(key(1), [3]);
    for (const draw of [0, 1, 2]) {
      // log p(x|z) + log p(z) − log q(z|x) = log p(x) whatever z: only float32 rounding is left.
      const elbo = model.elbo(params, { x }, fold(key(2), draw)).arraySync();
      rows.forEach((row, i) => {
        expect(elbo[i]).toBeCloseTo(logEvidence(row), 4);
      });
    }
  });

  it('a diagonal posterior loses KL(q ‖ p(z|x)), in closed form', () => {
    const variances = [0.2, 0.35] as const;
    const model = compose({
      prior,
      encoder: diagonalEncoder(variances),
      decoder,
      terms: [reconstruction(), kl()],
    });
    const { x, rows } = someRows(8);
    const params = model.init(key(1), [3]);
    const draws = 4000;
    const gaps: number[] = [];
    for (let draw = 0; draw < draws / 8; draw++) {
      const elbo = model.elbo(params, { x }, fold(key(5), draw)).arraySync();
      rows.forEach((row, i) => gaps.push(logEvidence(row) - elbo[i]!));
    }
    const mean = gaps.reduce((a, b) => a + b) / gaps.length;
    const sd = Math.sqrt(gaps.reduce((a, b) => a + (b - mean) ** 2, 0) / gaps.length);
    expect(Math.abs(mean - gapOfDiagonal(variances))).toBeLessThan(
      (4 * sd) / Math.sqrt(gaps.length),
    );
  });

  it('importance sampling finds log p(x) from a too narrow posterior, and from a fitted normal', async () => {
    const model = compose({
      prior,
      encoder: diagonalEncoder([0.2, 0.35]),
      decoder,
      terms: [reconstruction(), kl()],
    });
    const { x, rows } = someRows(6);
    const params = model.init(key(1), [3]);
    const before = memory().numTensors;
    for (const proposal of ['posterior', 'normal'] as const) {
      const samples = 20_000;
      const { logLikelihood: found, effectiveSampleSize } = await logLikelihood(
        model,
        params.primal,
        { x },
        { key: key(4), samples, proposal },
      );
      rows.forEach((row, i) => {
        // The delta method: the variance of the log of a mean of weights is about 1/ESS − 1/S.
        const error = Math.sqrt(1 / effectiveSampleSize[i]! - 1 / samples);
        expect(Math.abs(found[i]! - logEvidence(row))).toBeLessThan(4 * error);
        expect(error).toBeLessThan(0.03);
      });
    }
    expect(memory().numTensors).toBe(before);
  });

  it('gives samples outside the support of the prior no weight', async () => {
    const box = uniform({ dim: 2, low: -3, high: 3 });
    // A wide posterior leaves the box often, and log p(z) is −∞ there.
    const model = compose({
      prior: box,
      encoder: diagonalEncoder([4, 4]),
      decoder,
      terms: [reconstruction(), kl()],
    });
    const { x } = someRows(4);
    const params = model.init(key(1), [3]);
    const { logLikelihood: found, effectiveSampleSize } = await logLikelihood(
      model,
      params.primal,
      { x },
      { key: key(4), samples: 2000 },
    );
    for (let i = 0; i < 4; i++) {
      expect(Number.isFinite(found[i])).toBe(true);
      expect(effectiveSampleSize[i]).toBeGreaterThan(20);
    }
  });

  it('leaves nothing behind when it fails', async () => {
    const model = compose({
      prior,
      encoder: diagonalEncoder([0.2, 0.35]),
      decoder,
      terms: [reconstruction(), kl()],
    });
    const params = model.init(key(1), [3]);
    const { x } = someRows(6);
    const misshapen = reshape(x, [9, 2]);
    const before = memory().numTensors;
    for (const proposal of ['posterior', 'normal'] as const)
      await expect(
        logLikelihood(model, params.primal, { x: misshapen }, { key: key(4), proposal }),
      ).rejects.toThrow();
    expect(memory().numTensors).toBe(before);
  });

  it('with the exact posterior every importance weight is p(x)', async () => {
    const model = compose({
      prior,
      encoder: exactEncoder,
      decoder,
      terms: [reconstruction(), kl()],
    });
    const { x, rows } = someRows(5);
    const params = model.init(key(1), [3]);
    const { logLikelihood: found, effectiveSampleSize } = await logLikelihood(
      model,
      params.primal,
      { x },
      { key: key(4), samples: 100, chunk: 37 },
    );
    rows.forEach((row, i) => {
      expect(found[i]).toBeCloseTo(logEvidence(row), 4);
      expect(effectiveSampleSize[i]).toBeCloseTo(100, 3);
    });
    disposeTree({ ...params.primal });
  });
});
