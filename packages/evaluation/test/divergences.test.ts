import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aggregateKl,
  entropy,
  klBetweenSamples,
  klByClassifier,
  klToDensity,
  whiten,
  type Points,
} from '../src/index.js';
import { gaussianPoints, logGaussian } from './gaussians.js';
import { covariance, params, someRows, worldOf } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const n = 5000;
/** Standard errors that an estimate may be off by, and the bias that `entropy` says it has in two dimensions. */
const within = ({ error }: { error: number }): number => 4 * error + 0.02;

describe('entropy', () => {
  it('is that of a normal, in closed form', () => {
    const scale = [0.3, 2];
    const found = entropy(gaussianPoints(1, n, [5, -1], scale));
    const truth = Math.log(2 * Math.PI * Math.E) + Math.log(0.3 * 2);
    expect(Math.abs(found.mean - truth)).toBeLessThan(within(found));
    // The variance of a local value is that of log q, 1 for two dimensions, and ψ′(4) = .28.
    expect(found.error).toBeCloseTo(Math.sqrt(1.28 / n), 2);
  });

  it('grows by log |det| under an affine map, in doubles', () => {
    const points = gaussianPoints(2, 500, [0, 0]);
    const scaled = { values: Float64Array.from(points.values, (value) => 8 * value - 3), dim: 2 };
    expect(entropy(scaled).mean - entropy(points).mean).toBeCloseTo(2 * Math.log(8), 9);
  });

  it('refuses atoms', () => {
    expect(() => entropy({ values: new Float64Array(20), dim: 1 })).toThrow('has no density');
  });
});

describe('whiten', () => {
  it('gives the mean 0 and the covariance I, and says by how much volumes shrink', () => {
    const { points, logDeterminant } = whiten(gaussianPoints(3, n, [4, 4], [0.1, 10]));
    const moment = (f: (x: number, y: number) => number): number => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += f(points.values[2 * i]!, points.values[2 * i + 1]!) / n;
      return sum;
    };
    expect(moment((x) => x)).toBeCloseTo(0, 9);
    expect(moment((x) => x * x)).toBeCloseTo(1, 9);
    expect(moment((x, y) => x * y)).toBeCloseTo(0, 9);
    // log(.1 · 10) = 0, and each log of a standard deviation has the error 1/√(2n).
    expect(Math.abs(logDeterminant)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(2 * n));
  });

  it('refuses points on a line', () => {
    const line: Points = { values: Float64Array.from({ length: 40 }, (_, i) => i >> 1), dim: 2 };
    expect(() => whiten(line)).toThrow('fewer than their 2 dimensions');
  });
});

describe('klToDensity', () => {
  it('is 0 of a distribution to itself, and the closed form of two normals', () => {
    const q = gaussianPoints(4, n, [1, 0], [0.5, 3]);
    const zero = klToDensity(q, logGaussian(q, [1, 0], [0.5, 3]));
    expect(Math.abs(zero.mean)).toBeLessThan(within(zero));
    const found = klToDensity(q, logGaussian(q, [0, 0]));
    const truth = 0.5 * (0.25 + 1 - 1 - Math.log(0.25)) + 0.5 * (9 - 1 - Math.log(9));
    expect(Math.abs(found.mean - truth)).toBeLessThan(within(found));
  });

  it('is the same on both sides of a bijection, and better measured on the rounder one', () => {
    // A thin sickle: (u, 20u² + v/10), u and v normal.
    const u = gaussianPoints(5, n, [0, 0]);
    const sickle: Points = {
      values: u.values.map((value, i) =>
        i % 2 === 0 ? value : 20 * u.values[i - 1]! ** 2 + value / 10,
      ),
      dim: 2,
    };
    // p is the same with u ~ N(0, 4): log p = log N(u; 0, 4) + log N(v) + log 10.
    const logP = logGaussian(u, [0, 0], [2, 1]).map((value) => value + Math.log(10));
    const truth = 0.5 * (0.25 - 1 + Math.log(4));
    const straight = klToDensity(sickle, logP, {
      bijection: ({ 0: a, 1: b }) => ({
        point: [a!, 10 * (b! - 20 * a! * a!)],
        logDeterminant: Math.log(10),
      }),
    });
    expect(Math.abs(straight.mean - truth)).toBeLessThan(within(straight));
    const bent = klToDensity(sickle, logP);
    expect(Math.abs(bent.mean - truth)).toBeGreaterThan(0.1);
  });

  it('wants a density for each sample', () => {
    expect(() => klToDensity(gaussianPoints(1, 9, [0]), [1, 2])).toThrow('9 samples need as many');
  });
});

/** KL of N(0, I₂) to N((.6, −.3), I₂), the other way round the same. */
const p = gaussianPoints(6, n, [0, 0]);
const q = gaussianPoints(7, n, [0.6, -0.3]);
const truth = 0.5 * (0.36 + 0.09);

describe('the KL divergence of two samples', () => {
  it('is found by nearest neighbours', () => {
    const found = klBetweenSamples(p, q);
    expect(Math.abs(found.mean - truth)).toBeLessThan(within(found));
    const zero = klBetweenSamples(p, gaussianPoints(8, n, [0, 0]));
    expect(Math.abs(zero.mean)).toBeLessThan(within(zero));
  });

  it('is bounded from below, and closely, by classifiers', async () => {
    const before = memory().numTensors;
    const found = await klByClassifier(p, q, { key: key(1), folds: 2, steps: 100 });
    expect(memory().numTensors).toBe(before);
    expect(found.mean).toBeLessThan(truth + 3 * found.error);
    expect(found.mean).toBeGreaterThan(truth - 3 * found.error - 0.02);
    expect(found.interval[1] - found.interval[0]).toBeCloseTo(2 * 1.96 * found.error, 10);
    // The best classifier of two normals of distance d = .67 is right Φ(d/2) = .631 of the time.
    expect(Math.abs(found.accuracy - 0.631)).toBeLessThan(4 * Math.sqrt(0.25 / (2 * n)) + 0.01);
  });

  it('is no more than chance where the two are equal', async () => {
    const found = await klByClassifier(p, gaussianPoints(9, n, [0, 0]), {
      key: key(2),
      folds: 2,
      steps: 60,
    });
    expect(found.mean).toBeLessThan(3 * found.error);
    expect(found.mean).toBeGreaterThan(-0.05);
  });
});

describe('aggregateKl', () => {
  it.each([1, 2])(
    'is the closed form in the linear-Gaussian world, with scale %d',
    async (scale) => {
      const { x } = await someRows(4000);
      const before = memory().numTensors;
      const found = await aggregateKl(worldOf(scale), params, { x }, { key: key(3) });
      expect(memory().numTensors).toBe(before);
      // q(z) = N(0, I + (scale² − 1) Σ) for data of the model.
      const c = covariance.map((row, i) =>
        row.map((value, j) => (scale ** 2 - 1) * value + (i === j ? 1 : 0)),
      );
      const det = c[0]![0]! * c[1]![1]! - c[0]![1]! * c[1]![0]!;
      const exactKl = 0.5 * (c[0]![0]! + c[1]![1]! - 2 - Math.log(det));
      expect(Math.abs(found.mean - exactKl)).toBeLessThan(within(found));
    },
  );
});
