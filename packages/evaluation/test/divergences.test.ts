import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aggregateKl,
  entropy,
  estimateOf,
  klBetweenSamples,
  klByClassifier,
  klToDensity,
  whiten,
  type NeighbourEstimate,
  type NeighbourOptions,
  type Points,
} from '../src/index.js';
import { calibrated } from '../src/divergences/calibration.js';
import {
  fittedNormal,
  logNormal,
  normalEntropy,
  normalKl,
} from '../src/divergences/fitted_normal.js';
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

describe('calibration', () => {
  const [origin, away] = [
    [0, 0, 0],
    [0.5, 0, 0],
  ] as const;
  const some = 200;

  it.each([
    [
      'klToDensity',
      0.125,
      (seed: number, options: NeighbourOptions) => {
        const points = gaussianPoints(seed, some, origin);
        return klToDensity(points, logGaussian(points, away), options);
      },
    ],
    [
      'klBetweenSamples',
      0.125,
      (seed: number, options: NeighbourOptions) =>
        klBetweenSamples(
          gaussianPoints(seed, some, origin),
          gaussianPoints(seed + 1, some, away),
          options,
        ),
    ],
  ])('takes the bias off %s, and states the spread, of normals', (_, answer, estimate) => {
    const repetitions = 40;
    const all = (options: NeighbourOptions): readonly NeighbourEstimate[] =>
      Array.from({ length: repetitions }, (__, i) => estimate(100 + 2 * i, options));
    const plain = estimateOf(all({}).map(({ mean }) => mean));
    expect(Math.abs(plain.mean - answer)).toBeGreaterThan(3 * plain.error);
    const found = all({ calibration: { key: key(1), repetitions: 20 } });
    const { mean, error } = estimateOf(found.map((each) => each.mean));
    // The bias itself is known from 20 sets, the same of every estimate.
    const ofBias = error * Math.sqrt(repetitions / 20);
    expect(Math.abs(mean - answer)).toBeLessThan(3.5 * Math.hypot(error, ofBias));
    // A standard deviation of 40 values is right to a share of 1/√78, and so is a stated one of 20 to 1/√38.
    const stated = estimateOf(found.map((each) => each.error)).mean;
    const share = (error * Math.sqrt(repetitions)) / stated;
    expect(Math.abs(share - 1)).toBeLessThan(
      3.5 * Math.hypot(1 / Math.sqrt(78), 1 / Math.sqrt(38)),
    );
  });

  it('corrects by trials: less their mean, and as much more variance as they have than they state', () => {
    const trials = normal(key(3), 4000);
    let at = 0;
    const found = calibrated({ mean: 1.3, error: 0.1 }, { key: key(4), repetitions: 4000 }, () => ({
      mean: 0.3 + 0.2 * trials[at++]!,
      error: 0.15,
    }));
    expect(Math.abs(found.mean - 1)).toBeLessThan((4 * 0.2) / Math.sqrt(4000));
    // .2² has a relative error of √(2/4000).
    const variance = 0.1 ** 2 + 0.2 ** 2 - 0.15 ** 2;
    expect(Math.abs(found.error ** 2 - variance)).toBeLessThan(
      4 * 0.04 * Math.sqrt(2 / 4000) + 1e-5,
    );
  });

  it('has trials of which the answers are known in closed form', () => {
    const [p, q] = [
      fittedNormal(gaussianPoints(1, 50, [1, 2], [1, 3])),
      fittedNormal(gaussianPoints(2, 50, [0, 0], [2, 1])),
    ];
    const draws = p.draw(key(5));
    const logs = Array.from({ length: 50 }, (_, i) => {
      const point = draws.values.subarray(2 * i, 2 * i + 2);
      return [logNormal(p, point), logNormal(q, point)] as const;
    });
    for (const [truth, values] of [
      [normalEntropy(p), logs.map(([a]) => -a)],
      [normalKl(p, q), logs.map(([a, b]) => a - b)],
    ] as const) {
      const { mean, error } = estimateOf(values);
      expect(Math.abs(mean - truth)).toBeLessThan(4 * error);
    }
    expect(normalKl(p, p)).toBeCloseTo(0, 12);
  });

  it('says what it took off', () => {
    const points = gaussianPoints(1, some, origin);
    const options = { calibration: { key: key(1), repetitions: 5 } };
    const { mean, bias, interval, error } = entropy(points, options);
    expect(mean + bias!).toBeCloseTo(entropy(points).mean, 12);
    expect(interval).toEqual([mean - 1.96 * error, mean + 1.96 * error]);
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
