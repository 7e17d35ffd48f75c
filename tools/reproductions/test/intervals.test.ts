import { fold, key, normal, type Key } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import { mean } from '../common/figures.js';
import {
  differences,
  overSeeds,
  overSeedsAndRows,
  sayInterval,
  seedsToTell,
  type Interval,
} from '../common/intervals.js';
import { studentWithin } from '../common/student.js';

/** The share of intervals that hold 0, of as many repetitions. */
function covered(repetitions: number, intervalOf: (noise: Key) => Interval): number {
  let held = 0;
  for (let i = 0; i < repetitions; i++) {
    const { low, high } = intervalOf(fold(key(1), i));
    if (low <= 0 && 0 <= high) held++;
  }
  return held / repetitions;
}

/** Three standard errors of a share of .95. */
const near = (repetitions: number): number => 3 * Math.sqrt((0.95 * 0.05) / repetitions);

describe('Student’s t', () => {
  // Of 1 degree a Cauchy's tan(.475 π); of 2 √2 · .95 / √(1 − .95²) · …; the others from tables.
  it.each([
    [1, Math.tan(0.475 * Math.PI)],
    [2, 4.302653],
    [3.5, 2.937],
    [4, 2.776445],
    [19, 2.093024],
    [999, 1.962341],
  ])('of %d degrees of freedom', (df, exact) => {
    expect(studentWithin(df)).toBeCloseTo(exact, df === 3.5 ? 2 : 4);
  });
});

describe('an interval over seeds', () => {
  it('of five holds the truth 95 times of 100', () => {
    const repetitions = 4000;
    const share = covered(repetitions, (noise) => overSeeds([...normal(noise, 5)]));
    expect(Math.abs(share - 0.95)).toBeLessThan(near(repetitions));
  });

  it('of one knows nothing', () => {
    expect(overSeeds([3])).toEqual({ mean: 3, low: -Infinity, high: Infinity });
  });
});

describe('an interval over seeds and rows', () => {
  const [seeds, rows] = [5, 40];
  /** Values of mean 0, with standard deviations of seeds, of rows, and of what a seed makes of a row. */
  const drawn = (noise: Key, [ofSeeds, ofRows, ofBoth]: readonly number[]): number[][] => {
    const [s, r, both] = ['seeds', 'rows', 'both'].map((name, i) =>
      normal(fold(noise, name), [seeds, rows, seeds * rows][i]!),
    );
    return Array.from({ length: seeds }, (_, i) =>
      Array.from(
        { length: rows },
        (_row, j) => ofSeeds! * s![i]! + ofRows! * r![j]! + ofBoth! * both![i * rows + j]!,
      ),
    );
  };

  it.each([
    ['seeds', [1, 0, 0]],
    ['seeds and rows', [0.5, 3, 0]],
    ['rows', [0, 1, 0]],
  ] as const)('holds the truth 95 times of 100 where %s vary', (_, deviations) => {
    const repetitions = 1000;
    const share = covered(repetitions, (noise) => overSeedsAndRows(drawn(noise, deviations)));
    expect(Math.abs(share - 0.95)).toBeLessThan(near(repetitions));
  });

  it.each([
    ['all of it', [0.2, 1, 2]],
    ['neither', [0, 0, 1]],
  ] as const)('holds it as often at least where %s varies', (_, deviations) => {
    const repetitions = 1000;
    const share = covered(repetitions, (noise) => overSeedsAndRows(drawn(noise, deviations)));
    expect(share).toBeGreaterThan(0.95 - near(repetitions));
  });

  it('that is of rows alone is far too narrow for what seeds do', () => {
    const share = covered(500, (noise) => {
      const all = drawn(noise, [0.5, 1, 1]);
      return overSeeds(all[0]!);
    });
    expect(share).toBeLessThan(0.7);
  });

  it('of rows that are alike is that over seeds', () => {
    const ofSeeds = [1, 4, 2, 0, 3];
    const {
      mean: middle,
      low,
      high,
    } = overSeedsAndRows(ofSeeds.map((value) => Array.from({ length: rows }, () => value)));
    expect({ middle, low, high }).toEqual({
      middle: expect.closeTo(overSeeds(ofSeeds).mean, 12) as number,
      low: expect.closeTo(overSeeds(ofSeeds).low, 12) as number,
      high: expect.closeTo(overSeeds(ofSeeds).high, 12) as number,
    });
  });

  it('of paired differences leaves out what rows share', () => {
    const rowsOnly = normal(key(3), rows);
    const a = Array.from({ length: seeds }, (_, s) => [...rowsOnly].map((row) => 100 * row + s));
    const b = Array.from({ length: seeds }, () => [...rowsOnly].map((row) => 100 * row));
    const paired = overSeedsAndRows(differences(a, b));
    expect(paired.mean).toBeCloseTo(2, 9);
    const whole = overSeedsAndRows(a);
    expect(whole.mean).toBeCloseTo(mean(a.map(mean)), 9);
    expect(paired.high - paired.low).toBeLessThan((whole.high - whole.low) / 5);
  });
});

it('the seeds that it would take are those at which the interval leaves 0 out', () => {
  // β-TCVAE over β-VAE in MIG, as five seeds had it: a standard error of .108.
  const values = [-0.046, 0.287, -0.28, -0.084, 0.259];
  const count = seedsToTell(values);
  const spread = 0.108 * Math.sqrt(5);
  expect(count).toBeGreaterThan(100);
  expect((studentWithin(count - 1) * spread) / Math.sqrt(count)).toBeCloseTo(0.027, 3);
});

it('an interval is told with its ends, and one of a single seed as such', () => {
  expect(sayInterval(overSeeds([1, 3]), 1)).toMatch(/^2\.0 \(−10\.7 to 14\.7\)$/);
  expect(sayInterval(overSeeds([-0.00001]), 2)).toBe('0.00 (one seed)');
});
