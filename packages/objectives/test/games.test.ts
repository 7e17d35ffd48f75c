import { gradientsOf } from '@elbo/gradients';
import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { mul, setBackend, sub, tensor1d, tidy, type Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { accuracy, calibrationError, logisticLoss } from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const n = 40_000;
/** x ~ N(1, 1) against x ~ N(0, 1): the log-ratio of the densities is x − ½. */
const positive = normal(key(1), n).map((v) => v + 1);
const negative = normal(key(2), n);

/** The two sides under T(x) = slope · (x − ½) + offset. */
const sides = (slope: number, offset = 0) => {
  const t = (x: Float32Array) => tensor1d(x.map((v) => slope * (v - 0.5) + offset));
  return { positive: () => t(positive), negative: () => t(negative) };
};
const read = (f: () => Scalar): number => tidy(() => f().dataSync()[0]!);

describe('the logistic game', () => {
  it('is 2 log 2 at chance, and accuracy ½ of a T that always says yes', () => {
    expect(read(() => logisticLoss(sides(0)))).toBeCloseTo(2 * Math.log(2), 5);
    expect(read(() => accuracy(sides(0, 1)))).toBe(0.5);
  });

  it('is stationary at the log-ratio of the densities', () => {
    // d loss/d slope is a difference of means of bounded terms: 4 standard errors of it at n samples.
    const slope = (at: number): number =>
      tidy(() => {
        const w = tensor1d([at]);
        const result = gradientsOf(
          () => ({
            t: logisticLoss({
              positive: () => mul(w, sub(tensor1d(positive), 0.5)),
              negative: () => mul(w, sub(tensor1d(negative), 0.5)),
            }),
          }),
          { t: { w } },
        );
        return (result.t.gradients.w as typeof w).dataSync()[0]!;
      });
    const error = Math.sqrt(2 / n);
    expect(Math.abs(slope(1))).toBeLessThan(4 * error);
    expect(slope(0.7)).toBeLessThan(-4 * error);
    expect(slope(1.3)).toBeGreaterThan(4 * error);
  });

  it('counts a logit of exactly 0 as right half the time, which is chance', () => {
    const of = (positive: number[], negative: number[]): number =>
      read(() =>
        accuracy({ positive: () => tensor1d(positive), negative: () => tensor1d(negative) }),
      );
    expect(of([0, 0], [0, 0])).toBe(0.5);
    expect(of([0, 1], [0, -1])).toBe(0.75);
    expect(of([0, -1], [1, 0])).toBe(0.25);
  });

  it('has the accuracy of the best threshold, Φ(½)', () => {
    const phi = 0.6914624612740131;
    expect(Math.abs(read(() => accuracy(sides(1))) - phi)).toBeLessThan(
      4 * Math.sqrt(0.25 / (2 * n)),
    );
  });

  it('is calibrated at the log-ratio, and not at its double', () => {
    // Each bin's gap has a standard deviation of at most ½ √(share/2n); ten bins add up to at most √10 of that.
    const noise = Math.sqrt(10) * 0.5 * Math.sqrt(1 / (2 * n));
    expect(read(() => calibrationError(sides(1)))).toBeLessThan(2 * noise);
    expect(read(() => calibrationError(sides(2)))).toBeGreaterThan(0.05);
  });
});
