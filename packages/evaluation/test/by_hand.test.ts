import '@elbo/gradients';
import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aupr,
  compareSamples,
  entropy,
  estimateOf,
  frechetDistance,
  judgeScores,
  kernelDistance,
  kernelDistanceByBlocks,
  klBetweenSamples,
  klToDensity,
  memorisation,
  pointsOf,
  resampled,
  typicality,
  type Points,
} from '../src/index.js';
import { digamma, logBallVolume } from '../src/divergences/constants.js';
import {
  fittedNormal,
  logNormal,
  normalEntropy,
  normalKl,
} from '../src/divergences/fitted_normal.js';
import { rightly } from '../src/divergences/log_ratio.js';
import { samplingError } from '../src/estimate.js';
import { LogSum } from '../src/likelihood/log_sum.js';
import { kdTree, searcher } from '../src/neighbours/kd_tree.js';
import { areBits } from '../src/samples/drawn.js';
import { gaussianPoints } from './gaussians.js';

beforeAll(() => setBackend('cpu'));

const line = (...values: readonly number[]): Points => ({
  values: Float64Array.from(values),
  dim: 1,
});
const plane = (...points: readonly (readonly [number, number])[]): Points => ({
  values: Float64Array.from(points.flat()),
  dim: 2,
});

describe('samples among data', () => {
  // Rows at 0, 1 and 3 reach 1, 1 and 2 far; samples at .5, 10 and 10.5 reach 9.5, .5 and .5.
  const data = tensor2d([0, 1, 3], [3, 1]);
  const samples = tensor2d([0.5, 10, 10.5], [3, 1]);

  it('are counted by the balls that reach to the nearest other', async () => {
    const found = await compareSamples(samples, data, 1);
    // One sample of three lies in a ball, in those of two rows; every row lies in the wide ball of the first sample.
    expect(found.precision).toBeCloseTo(1 / 3, 12);
    expect(found.recall).toBe(1);
    expect(found.density).toBeCloseTo(2 / 3, 12);
    expect(found.coverage).toBeCloseTo(2 / 3, 12);
    // Among two others and three samples the nearest is one of the samples three times in five.
    expect(found.expectedCoverage).toBeCloseTo(3 / 5, 12);
    // Squared distances: 9.5², 10² and .5² to 1², 3² and 2².
    expect(found.diversity).toBeCloseTo((90.25 + 100 + 0.25) / 14, 4);
  });

  it('with two neighbours reach to the second', async () => {
    // Rows reach 3, 2 and 3; samples 10, 9.5 and 10.
    const found = await compareSamples(samples, data, 2);
    expect(found.precision).toBeCloseTo(1 / 3, 12);
    expect(found.density).toBeCloseTo(3 / (2 * 3), 12);
    expect(found.coverage).toBe(1);
    expect(found.recall).toBe(1);
    // All of the two nearest are rows with the probability 2/5 · 1/4.
    expect(found.expectedCoverage).toBeCloseTo(1 - 0.1, 12);
  });

  it('are as large as data where they are the data, moved or not, in any dimension', async () => {
    const { values } = gaussianPoints(3, 30, [0, 0]);
    const x = tensor2d(Float32Array.from(values), [30, 2]);
    const same = await compareSamples(x, x, 3);
    expect(same.diversity).toBeCloseTo(1, 5);
    // Each row is in the balls of the samples that are itself and its neighbours.
    expect([same.precision, same.recall, same.coverage]).toEqual([1, 1, 1]);
    const far = tensor2d(
      Float32Array.from(values, (v) => 3 * v + 100),
      [30, 2],
    );
    const away = await compareSamples(far, x, 3);
    expect(away.diversity).toBeCloseTo(9, 3);
    expect([away.precision, away.recall, away.density, away.coverage]).toEqual([0, 0, 0, 0]);
  });

  it('need more of each than neighbours, and rows of one shape', async () => {
    await expect(compareSamples(samples, data, 3)).rejects.toThrow('4 samples and rows of data');
    await expect(compareSamples(samples, data, 0)).rejects.toThrow('compareSamples');
    await expect(
      compareSamples(
        samples,
        tensor2d([
          [1, 2],
          [3, 4],
        ]),
        1,
      ),
    ).rejects.toThrow('[2, 2]');
  });

  it('are bits where all of them are', async () => {
    expect(
      await areBits(
        tensor2d([
          [0, 1],
          [1, 0],
        ]),
      ),
    ).toBe(true);
    for (const other of [0.5, -1, 2])
      expect(
        await areBits(
          tensor2d([
            [0, 1],
            [other, 1],
          ]),
        ),
      ).toBe(false);
  });
});

describe('estimates by their definitions', () => {
  const [p, q] = [line(0, 1, 3), line(0.25, 4)];

  it('an entropy by the nearest neighbour', () => {
    // Distances 1, 1 and 2, of 3 points, with V = 2.
    const found = entropy(p, { neighbours: 1 });
    const offset = digamma(3) - digamma(1) + Math.LN2;
    expect(found.mean).toBeCloseTo(offset + Math.LN2 / 3, 12);
    expect(found.error).toBeCloseTo(estimateOf([0, 0, Math.LN2]).error, 12);
    // The second neighbours are 3, 2 and 3 away.
    expect(entropy(p, { neighbours: 2 }).mean).toBeCloseTo(
      digamma(3) - digamma(2) + Math.LN2 + Math.log(18) / 3,
      12,
    );
    expect(entropy(gaussianPoints(1, 30, [0]))).toEqual(
      entropy(gaussianPoints(1, 30, [0]), { neighbours: 4 }),
    );
  });

  it('a divergence of two samples, eq. 9 of Wang et al.', () => {
    // ρ = 1, 1, 2; ν = 1/4, 3/4, 1; log M/(N − 1) is 0.
    const { mean } = klBetweenSamples(p, q, { neighbours: 1 });
    expect(mean).toBeCloseTo(Math.log(0.25 * 0.75 * 0.5) / 3, 12);
    // One more of q's, so far that it is nobody's neighbour: log 3/2 more.
    const more = klBetweenSamples(p, line(0.25, 4, 99), { neighbours: 1 });
    expect(more.mean - mean).toBeCloseTo(Math.log(3 / 2), 12);
    // In the plane distances count twice.
    const flat = klBetweenSamples(plane([0, 0], [1, 0], [3, 0]), plane([0.25, 0], [4, 0]), {
      neighbours: 1,
    });
    expect(flat.mean).toBeCloseTo(2 * mean, 12);
    expect(() => klBetweenSamples(line(0, 0, 1), q, { neighbours: 1 })).toThrow(
      'sample 0 is the same',
    );
    expect(() => klBetweenSamples(p, line(3, 9), { neighbours: 1 })).toThrow(
      'sample 2 is the same',
    );
  });

  it('a divergence to a density, whitened or not', () => {
    const points = plane([0, 0], [1, 0], [5, 9], [2, 40]);
    const logs = [-1, -2, -3, -4.5];
    const plain = klToDensity(points, logs, { neighbours: 1, whiten: false });
    const distances = [1, 1, Math.hypot(4, 9), Math.hypot(3, 31)];
    const local = distances.map(
      (d) => digamma(4) - digamma(1) + logBallVolume(2) + 2 * Math.log(d),
    );
    expect(plain.mean).toBeCloseTo(estimateOf(local.map((h, i) => -h - logs[i]!)).mean, 12);
    // Whitened, it is the same of points that were scaled, and of their density there.
    const scaled: Points = {
      values: points.values.map((v, i) => (i % 2 === 0 ? v : 1e-3 * v)),
      dim: 2,
    };
    const there = klToDensity(
      scaled,
      logs.map((v) => v + Math.log(1e3)),
      { neighbours: 1 },
    );
    expect(there.mean).toBeCloseTo(klToDensity(points, logs, { neighbours: 1 }).mean, 9);
    // And a bijection that whitens nothing takes its determinant off.
    const bijection = ({ 0: a, 1: b }: ArrayLike<number>) => ({
      point: [2 * a!, 2 * b!],
      logDeterminant: 2 * Math.LN2,
    });
    const mapped = klToDensity(points, logs, { neighbours: 1, whiten: false, bijection });
    expect(mapped.mean).toBeCloseTo(plain.mean, 12);
  });

  it.each([
    ['entropy', (more: object) => entropy(gaussianPoints(1, 20, [0, 0]), more)],
    [
      'klBetweenSamples',
      (more: object) =>
        klBetweenSamples(gaussianPoints(1, 20, [0, 0]), gaussianPoints(2, 30, [1, 0]), more),
    ],
    [
      'klToDensity',
      (more: object) => klToDensity(gaussianPoints(1, 20, [0, 0]), new Float64Array(20), more),
    ],
  ])('%s: a calibration takes the bias off, and states it', (_, estimate) => {
    const plain = estimate({});
    expect(plain).not.toHaveProperty('bias');
    const { mean, bias, error, interval } = estimate({
      calibration: { key: key(1), repetitions: 6 },
    });
    expect(mean + bias!).toBeCloseTo(plain.mean, 12);
    expect(error).toBeGreaterThanOrEqual(plain.error);
    expect(interval).toEqual([mean - 1.96 * error, mean + 1.96 * error]);
    // The bias of twenty points is far below what they estimate.
    expect(Math.abs(bias!)).toBeLessThan(0.5);
  });

  it('the normal with given moments: its density, entropy and divergence in closed form', () => {
    // The variances over N are 4 along the first axis and 1 along the second; the mean is (1, 0).
    const p = fittedNormal(plane([3, 1], [3, -1], [-1, 1], [-1, -1]));
    expect(p.mean).toEqual([1, 0]);
    expect(p.variances[0]).toBeCloseTo(4, 12);
    expect(p.variances[1]).toBeCloseTo(1, 12);
    expect(logNormal(p, [1, 0])).toBeCloseTo(-Math.log(2 * Math.PI) - Math.LN2, 12);
    expect(logNormal(p, [1, 0]) - logNormal(p, [5, 2])).toBeCloseTo(0.5 * (16 / 4 + 4), 12);
    expect(normalEntropy(p)).toBeCloseTo(Math.log(2 * Math.PI * Math.E) + Math.LN2, 12);
    // Of the same shape turned by 90° and moved by (1, 2): ½ (4 + ¼ − 2 + 1²/1 + 2²/4).
    const q = fittedNormal(plane([3, 4], [1, 4], [3, 0], [1, 0]));
    expect(normalKl(p, q)).toBeCloseTo(0.5 * (4 + 0.25 - 2 + 1 + 1), 12);
  });

  it('as many draws of it as there were points, with its moments', () => {
    const count = 4000;
    const like = fittedNormal(gaussianPoints(4, count, [5, -2], [2, 0.5]));
    const draws = like.draw(key(9));
    expect(draws.values).toHaveLength(2 * count);
    const again = fittedNormal(draws);
    again.mean.forEach((mean, d) => {
      expect(Math.abs(mean - like.mean[d]!)).toBeLessThan(
        4.5 * Math.sqrt(like.variances[d]! / count),
      );
    });
    again.variances.forEach((variance, i) => {
      expect(Math.abs(variance / like.variances[i]! - 1)).toBeLessThan(4.5 * Math.sqrt(2 / count));
    });
  });
});

describe('the kernel distance', () => {
  it('is of (⟨x, y⟩/D + 1)³', () => {
    // Within p the kernel is 1, within q (2/2 + 1)³ = 8, and 1 across.
    const [p, q] = [plane([0, 0], [0, 0]), plane([1, 1], [1, 1])];
    expect(kernelDistance(p, q)).toBeCloseTo(1 + 8 - 2, 12);
    // Each point with itself does not count: within, only (−1 + 1)³ = 0 is left, and across (±2 + 1)³ are 27 and −1.
    expect(kernelDistance(line(1, -1), line(2, 2))).toBeCloseTo(0 + 125 - 2 * 13, 12);
  });

  it('by blocks is of as many rows of either, in order', () => {
    const [p, q] = [line(0, 0, 1, -1), line(1, 1, 2, 2)];
    // (0, 0) to (1, 1): 1 + 8 − 2; and as above.
    const { mean, error } = kernelDistanceByBlocks(p, q, 2);
    expect(mean).toBeCloseTo((7 + 99) / 2, 12);
    expect(error).toBeCloseTo(46, 12);
  });
});

describe('memories', () => {
  it('are samples nearer to training rows than to as many held-out ones; ties count half', () => {
    // The third training row is one more than there are held out, so that it is not compared.
    const found = memorisation(line(0, 5, 10), line(1, 9, 5), line(-1, 4));
    expect([...found.rows]).toEqual([0, 2, 1]);
    expect([...found.distances]).toEqual([1, 0, 1]);
    // A tie at 0; 5 is nearer to 4 than to 9 and 1; 10 is nearer to 9.
    expect(found.closer).toBeCloseTo(0.5, 12);
    expect(found.z).toBeCloseTo(0, 12);
    const copied = memorisation(line(1, 1, 9, 9), line(1, 9), line(3, 4));
    expect([copied.closer, copied.z]).toEqual([1, 2]);
  });
});

describe('scores', () => {
  it('above the threshold are called anomalies', () => {
    // With α = ½ of three calibration scores two are at least (n + 1)(1 − α) = 2: the middle one.
    const found = judgeScores(
      { calibration: [3, 1, 2], normal: [1, 2, 3, 4], anomalies: [2, 5] },
      0.5,
    );
    expect(found.threshold).toBe(2);
    expect(found.falseAlarms.mean).toBe(0.5);
    expect(found.found.mean).toBe(0.5);
    expect(found.aupr).toBeCloseTo(aupr([1, 2, 3, 4], [2, 5]), 12);
    const usual = {
      calibration: Array.from({ length: 39 }, (_, i) => i),
      normal: [1],
      anomalies: [2],
    };
    expect(judgeScores(usual)).toEqual(judgeScores(usual, 0.05));
    expect(judgeScores(usual).threshold).toBe(37);
  });

  it('are typical by their distance from the mean of normal ones', () => {
    expect([...typicality([1, 3], Float64Array.of(2, 5, -1))]).toEqual([0, 3, 3]);
  });

  it('of log-odds are right on their side of 0, and half right on it', () => {
    expect(rightly([1, -1, 0], [2, -3])).toBe(1 + 0 + 0.5 + 0 + 1);
  });
});

describe('sums and errors', () => {
  it('of exponentials are right whatever their size and order', () => {
    for (const shift of [0, 2000, -2000]) {
      const sum = new LogSum();
      for (const value of [Math.log(2), Math.log(6), -Infinity]) sum.add(value + shift);
      expect(sum.logMean(4) - shift).toBeCloseTo(Math.LN2, 10);
      // (2 + 6)² / (2² + 6²).
      expect(sum.effectiveSize()).toBeCloseTo(64 / 40, 10);
    }
  });

  it('of the logs of means add up in squares: √Σ(1/ESS − 1/S) over rows', () => {
    expect(samplingError([4, 2], 8)).toBeCloseTo(Math.sqrt(1 / 8 + 3 / 8) / 2, 12);
    // An effective number above S is rounding.
    expect(samplingError([2.0000001, 1], 2)).toBeCloseTo(Math.sqrt(1 / 2) / 2, 12);
  });

  it('of a figure of resampled sets is that of one set, made good for the rows they share', async () => {
    const seen: number[][] = [];
    const figures = [1, 2, 6];
    const found = await resampled(8, { key: key(1), size: 2, times: 3 }, (rows) => {
      seen.push([...rows]);
      return Promise.resolve({ figure: figures[seen.length - 1]! });
    });
    expect(seen.map((rows) => new Set(rows).size)).toEqual([2, 2, 2]);
    expect(seen.flat().every((row) => row >= 0 && row < 8)).toBe(true);
    expect(found.figure.mean).toBe(3);
    // The variance of 1, 2 and 6 is 7; sets hold a quarter of the rows.
    expect(found.figure.error).toBeCloseTo(Math.sqrt(7 / (1 - 1 / 4)), 12);
    const count = { times: 0 };
    await resampled(4, { key: key(1), size: 2 }, () => Promise.resolve({ n: count.times++ }));
    expect(count.times).toBe(10);
    await expect(resampled(3, { key: key(1), size: 2 }, () => Promise.resolve({}))).rejects.toThrow(
      '4 are the least',
    );
  });

  it('points of a tensor are its rows, flattened', async () => {
    const points = await pointsOf(
      tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect(points.dim).toBe(3);
    expect([...points.values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('the Fréchet distance of one dimension is that of means and of standard deviations', () => {
    // Standard deviations √2 and 3√2, means 1 and 5.
    expect(frechetDistance(line(0, 2), line(2, 8))).toBeCloseTo(16 + 8, 10);
  });
});

describe('a tree of points', () => {
  /** How many coordinates a search looks at, of n points that are even on a line, in the second of two dimensions. */
  const looks = (n: number, k: number): number => {
    const noise = normal(key(1), n);
    const values = Float64Array.from({ length: 2 * n }, (_, i) =>
      i % 2 === 0 ? 1e-3 * noise[i >> 1]! : i,
    );
    const { search } = searcher(kdTree({ values, dim: 2 }), k);
    let count = 0;
    const query = new Proxy([0, n], {
      get: (target, at) => {
        count++;
        return Reflect.get(target, at) as unknown;
      },
    });
    search(query, -1);
    return count;
  };

  it('is split where points are widest, so that a search looks at next to none of them', () => {
    // Two leaves of at most twelve points, and one split a level: not the 4000 that there are.
    expect(looks(4000, 1)).toBeLessThan(100);
    expect(looks(4000, 4)).toBeLessThan(150);
  });
});
