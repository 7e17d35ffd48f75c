import { ConfigError, DataError } from '@elbo/core';
import { fold, key, permutation, uniform } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import { conformalPValues, conformalThreshold } from '../src/index.js';

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

describe('conformalThreshold', () => {
  it.each([
    [19, 0.05, 19],
    [20, 0.05, 20],
    [99, 0.1, 90],
    [100, 0.1, 91],
    [999, 0.05, 950],
    [5, 0.5, 3],
  ])(
    'of %d scores at level %d is the one of rank %d, ⌈(n + 1)(1 − α)⌉, in any order',
    (n, alpha, rank) => {
      const scores = Float32Array.from(permutation(key(1), n), (value) => value + 1);
      expect(conformalThreshold(scores, alpha)).toBe(rank);
    },
  );

  it('is infinite where there are too few scores to promise anything', () => {
    expect(conformalThreshold([1, 2, 3], 0.2)).toBe(Infinity);
    expect(conformalThreshold([1, 2, 3, 4], 0.2)).toBe(4);
  });

  it.each([
    [49, 0.1],
    [100, 0.07],
    [199, 0.01],
  ])(
    'with %d scores at level %d is exceeded as the law of exchangeable scores says',
    (n, alpha) => {
      const trials = 4000;
      // Of uniform scores the share above a threshold t is 1 − t, Beta(n + 1 − k, k) distributed.
      const shares = Array.from(
        { length: trials },
        (_, trial) => 1 - conformalThreshold(uniform(fold(key(5), trial), n), alpha),
      );
      const k = Math.ceil((n + 1) * (1 - alpha) - 1e-9);
      const [a, b] = [n + 1 - k, k];
      const truth = a / (a + b);
      const variance = (a * b) / ((a + b) ** 2 * (a + b + 1));
      expect(truth).toBeLessThanOrEqual(alpha + 1e-12);
      expect(Math.abs(mean(shares) - truth)).toBeLessThan(4 * Math.sqrt(variance / trials));
      // The squares about the mean average to the variance; a Beta's kurtosis is at most 6 + 6/a.
      const squares = shares.map((share) => (share - truth) ** 2);
      const error = Math.sqrt(((8 + 6 / a) * variance ** 2) / trials);
      expect(Math.abs(mean(squares) - variance)).toBeLessThan(4 * error);
    },
  );

  it('keeps its promise for scores with ties', () => {
    const trials = 2000;
    const n = 39;
    const alpha = 0.1;
    // n calibration scores and a new one, of four values.
    const exceeded = Array.from({ length: trials }, (_, trial) => {
      const scores = Array.from(uniform(fold(key(6), trial), n + 1), (u) => Math.floor(4 * u));
      return Number(scores[n]! > conformalThreshold(scores.slice(0, n), alpha));
    });
    expect(mean(exceeded)).toBeLessThan(alpha + 4 * Math.sqrt((alpha * (1 - alpha)) / trials));
  });

  it('refuses a level out of range, no scores, and NaN', () => {
    expect(() => conformalThreshold([1], 0)).toThrow(ConfigError);
    expect(() => conformalThreshold([1], 1)).toThrow(ConfigError);
    expect(() => conformalThreshold([], 0.1)).toThrow(DataError);
    expect(() => conformalThreshold([1, Number.NaN], 0.1)).toThrow(/NaN/);
  });
});

/** Every order of some values. */
function orders(values: readonly number[]): readonly (readonly number[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((first, i) =>
    orders(values.filter((_, j) => j !== i)).map((rest) => [first, ...rest]),
  );
}

describe('conformalPValues', () => {
  it.each([
    [[1, 2, 3, 4, 5, 6], true],
    [[1, 1, 2, 2, 2, 3], false],
    [[4, 4, 4, 4, 4, 4], false],
  ])(
    'of scores %j in all orders alike, P(p ≤ α) ≤ α for every α, with equality at k/(n + 1) without ties',
    (scores, distinct) => {
      const all = orders(scores);
      const p = all.map((order) => conformalPValues(order.slice(1), [order[0]!])[0]!);
      for (let k = 1; k <= scores.length; k++) {
        const alpha = k / scores.length;
        const share = p.filter((value) => value <= alpha).length / all.length;
        if (distinct) expect(share).toBeCloseTo(alpha, 12);
        else expect(share).toBeLessThanOrEqual(alpha + 1e-12);
      }
    },
  );

  it('p ≤ α exactly where the score is above the threshold of α', () => {
    const calibration = Array.from(uniform(key(7), 39), (u) => Math.floor(20 * u));
    const scores = Array.from({ length: 24 }, (_, i) => i - 1.5 * (i % 2));
    const p = conformalPValues(calibration, scores);
    for (const alpha of [0.03, 0.05, 0.1, 0.25, 0.5, 0.9]) {
      const threshold = conformalThreshold(calibration, alpha);
      scores.forEach((score, i) => {
        expect(p[i]! <= alpha * (1 + 1e-12), `${score} at ${alpha}`).toBe(score > threshold);
      });
    }
  });

  it('refuses no scores, and NaN', () => {
    expect(() => conformalPValues([], [1])).toThrow(DataError);
    expect(() => conformalPValues([NaN], [1])).toThrow(/NaN/);
    expect(() => conformalPValues([1], [1, NaN])).toThrow(/row 1 is NaN/);
  });
});
