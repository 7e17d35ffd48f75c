import { fold, key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  classifierTest,
  mmdTest,
  slicedWasserstein,
  slicedWassersteinTest,
  type PermutationOptions,
  type Points,
  type TwoSampleTest,
} from '../src/index.js';
import { gaussianPoints } from './gaussians.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const tests: readonly (readonly [
  string,
  (
    p: Points,
    q: Points,
    options: PermutationOptions,
    steps: number,
  ) => TwoSampleTest | Promise<TwoSampleTest>,
])[] = [
  ['mmdTest', mmdTest],
  ['slicedWassersteinTest', (p, q, o) => slicedWassersteinTest(p, q, { ...o, directions: 5 })],
  ['classifierTest', (p, q, o, steps) => classifierTest(p, q, { ...o, steps, batchSize: 16 })],
];

describe.each(tests)('%s', (_, test) => {
  it('has p-values that are uniform where the samples are of one distribution', async () => {
    const repetitions = 80;
    // With 19 permutations p is a multiple of 1/20, each as likely as the others.
    const ps: number[] = [];
    for (let i = 0; i < repetitions; i++) {
      const [p, q] = [gaussianPoints(2 * i, 16, [0, 0]), gaussianPoints(2 * i + 1, 24, [0, 0])];
      ps.push((await test(p, q, { key: fold(key(1), i), permutations: 19 }, 5)).p);
    }
    for (const level of [0.1, 0.25, 0.5, 0.75]) {
      const below = ps.filter((p) => p <= level + 1e-9).length;
      const error = Math.sqrt(repetitions * level * (1 - level));
      expect(Math.abs(below - repetitions * level)).toBeLessThan(3.5 * error);
    }
  });

  it('tells distributions apart that differ by one standard deviation', async () => {
    const [p, q] = [gaussianPoints(1, 120, [0, 0]), gaussianPoints(2, 120, [1, 0])];
    const before = memory().numTensors;
    const { p: found } = await test(p, q, { key: key(2), permutations: 99 }, 60);
    expect(memory().numTensors).toBe(before);
    expect(found).toBeLessThanOrEqual(0.02);
    // The given division is one of the hundred.
    expect(found).toBeGreaterThanOrEqual(0.01);
  });
});

describe('a test', () => {
  it('counts 199 permutations, and 50 directions, where nothing is told', () => {
    const [p, q] = [gaussianPoints(11, 8, [0, 0]), gaussianPoints(12, 9, [0.5, 0])];
    const at = { key: key(4) };
    expect(mmdTest(p, q, at)).toEqual(mmdTest(p, q, { ...at, permutations: 199 }));
    expect(slicedWasserstein(p, q, at)).toBe(slicedWasserstein(p, q, { ...at, directions: 50 }));
    expect(slicedWassersteinTest(p, q, { ...at, permutations: 9 })).toEqual(
      slicedWassersteinTest(p, q, { ...at, permutations: 9, directions: 50 }),
    );
    expect(() => slicedWasserstein(p, q, { ...at, directions: 0 })).toThrow('whole number from 1');
    expect(slicedWasserstein(p, q, { ...at, directions: 1 })).toBeGreaterThan(0);
    // p is a share of the permutations and the division that is given.
    const { p: share } = mmdTest(p, q, at);
    expect(Number.isInteger(Math.round(200 * share * 1e9) / 1e9)).toBe(true);
  });
});

describe('mmdTest', () => {
  it('has the statistic of the three means over pairs', () => {
    const [p, q] = [gaussianPoints(3, 5, [0]), gaussianPoints(4, 7, [1])];
    const all = [...p.values, ...q.values];
    const squares = all.flatMap((x, i) => all.slice(0, i).map((y) => (x - y) ** 2));
    const sorted = squares.toSorted((a, b) => a - b);
    const median = (sorted[squares.length / 2 - 1]! + sorted[squares.length / 2]!) / 2;
    const mean = (xs: ArrayLike<number>, ys: ArrayLike<number>, same: boolean): number => {
      let [sum, pairs] = [0, 0];
      for (let i = 0; i < xs.length; i++)
        for (let j = 0; j < ys.length; j++)
          if (!same || i !== j) {
            sum += Math.exp(-((xs[i]! - ys[j]!) ** 2) / median);
            pairs++;
          }
      return sum / pairs;
    };
    const truth =
      mean(p.values, p.values, true) +
      mean(q.values, q.values, true) -
      2 * mean(p.values, q.values, false);
    expect(mmdTest(p, q, { key: key(1), permutations: 1 }).statistic).toBeCloseTo(truth, 12);
  });
});

describe('slicedWasserstein', () => {
  const p = gaussianPoints(5, 200, [0, 0]);
  const moved: Points = { values: p.values.map((v, i) => (i % 2 === 0 ? v + 3 : v - 4)), dim: 2 };

  it('of points that are all moved by (3, −4) is 5 · E|cos| = 10/π', () => {
    const directions = 400;
    const found = slicedWasserstein(p, moved, { key: key(3), directions });
    // |cos| of a uniform angle has the variance ½ − (2/π)².
    const error = 5 * Math.sqrt((0.5 - (2 / Math.PI) ** 2) / directions);
    expect(Math.abs(found - 10 / Math.PI)).toBeLessThan(4 * error);
  });

  it('is 0 of a sample to itself, also where one holds it twice', () => {
    const twice = { values: Float64Array.from([...p.values, ...p.values]), dim: 2 };
    expect(slicedWasserstein(p, twice, { key: key(4) })).toBeCloseTo(0, 12);
  });

  it('in one dimension is the Wasserstein distance', () => {
    const line = (...values: number[]): Points => ({ values: Float64Array.from(values), dim: 1 });
    expect(slicedWasserstein(line(0, 1, 5), line(2, 2, 9), { key: key(5) })).toBeCloseTo(7 / 3, 12);
  });
});
