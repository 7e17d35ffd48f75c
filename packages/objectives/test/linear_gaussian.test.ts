import '@elbo/gradients';
import { fold, key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compose, kl, reconstruction } from '../src/index.js';
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
});
