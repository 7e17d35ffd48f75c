import { fold, key, normal } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import { judgedBy } from '../src/diagnosis/by_discriminators.js';
import { meanOverRows, studentQuantile } from '../src/diagnosis/mean_over_rows.js';

describe('the mean over rows of means over draws', () => {
  it('has no error over rows that are all of their set, and that of a sample otherwise', () => {
    // Each row has one value: three draws of each.
    const values = [1, 2, 3, 6].flatMap((_, i, all) => (i === 0 ? [...all, ...all, ...all] : []));
    const all = meanOverRows(values, { rows: 4, setSize: 4 });
    expect(all).toMatchObject({ mean: 3, error: 0, byDraws: 0, margin: 0 });
    // s² = (4 + 1 + 0 + 9) / 3.
    const sample = meanOverRows(values, { rows: 4, setSize: Infinity });
    expect(sample.error).toBeCloseTo(Math.sqrt(14 / 3 / 4), 12);
    expect(sample.margin).toBeCloseTo(studentQuantile(3) * sample.error, 12);
    const half = meanOverRows(values, { rows: 4, setSize: 8 });
    expect(half.error).toBeCloseTo(sample.error * Math.sqrt(0.5), 12);
  });

  it('does not take more draws of a row for more rows', () => {
    const { error } = meanOverRows(
      Float64Array.from({ length: 4 * 1000 }, (_, i) => i % 4),
      { rows: 4, setSize: Infinity },
    );
    expect(error).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12);
  });

  it('is as far off as its error says, when a third of a set is read with two draws of each', () => {
    const [setSize, rows, draws, repetitions] = [30, 10, 2, 4000];
    let [squares, said] = [0, 0];
    for (let i = 0; i < repetitions; i++) {
      const set = normal(fold(key(1), i), setSize);
      const noise = normal(fold(key(2), i), rows * draws);
      const values = noise.map((value, j) => value + set[j % rows]!);
      const found = meanOverRows(values, { rows, setSize });
      const truth = set.reduce((a, b) => a + b) / setSize;
      squares += (found.mean - truth) ** 2 / repetitions;
      said += found.error ** 2 / repetitions;
    }
    // The mean square of normals has a relative standard deviation of √(2 / repetitions), .022.
    expect(Math.abs(squares / said - 1)).toBeLessThan(4 * 0.022 * Math.SQRT2);
  });

  it('has no error that could be told of one row of more', () => {
    expect(meanOverRows([1, 2], { rows: 1, setSize: 2 }).error).toBeNaN();
    expect(meanOverRows([1, 2], { rows: 1, setSize: 1 }).error).toBeCloseTo(0.5, 12);
  });

  it('is wide by Student’s quantiles', () => {
    // Tables of t: 9, 19 and 29 degrees of freedom.
    for (const [freedom, quantile] of [
      [9, 3.25],
      [19, 2.861],
      [29, 2.756],
    ] as const)
      expect(Math.abs(studentQuantile(freedom) - quantile)).toBeLessThan(0.02);
  });
});

describe('what discriminators say of an ELBO', () => {
  const draws = 40_000;
  const [p, q] = [normal(key(3), draws), normal(key(4), draws).map((z) => z + 1)];
  const rows = { rows: 4, setSize: 4 };
  /** T at draws of q = N(1, 1) and r = N(0, 1), where T* = z − ½ and the divergence is ½; the ELBO without it is 0. */
  const judged = (t: (z: number) => number) =>
    judgedBy(
      {
        base: new Float64Array(draws),
        divergence: new Float64Array(draws),
        disagreement: 0,
        logits: {
          posterior: Float64Array.from(q, t),
          contrast: Float64Array.from(p, t),
        },
      },
      Float64Array.from(q, (z) => z - 0.5),
      rows,
    );
  // exp T* has the variance e − 1, and z 1: of the bound √(e / 40,000).
  const error = Math.sqrt(Math.E / draws);

  it('is a bound that the exact log-ratio attains, and a constant more does not move', () => {
    for (const more of [0, 3]) {
      const { most, effectiveDraws, deviation } = judged((z) => z - 0.5 + more);
      expect(Math.abs(most.mean + 0.5)).toBeLessThan(4 * error);
      expect(most.error / error).toBeGreaterThan(0.9);
      expect(most.error / error).toBeLessThan(1.1);
      // The draws of q, and so their noise, are those of the other discriminator too: only exp T's is left.
      expect(deviation.most.error).toBeLessThan(most.error);
      expect(deviation.direct.mean).toBeCloseTo(more, 3);
      // (E exp T)² / E exp 2T = 1 / e.
      expect(Math.abs((effectiveDraws / draws) * Math.E - 1)).toBeLessThan(0.2);
    }
  });

  it('is lower than the truth by what T misses, and never says that a divergence is negative', () => {
    // Of T = a z: the bound is a − a²/2, at a = .5 an eighth less than ½.
    expect(Math.abs(judged((z) => 0.5 * z).most.mean + 0.375)).toBeLessThan(4 * error);
    const wrong = judged((z) => -2 * z);
    expect(wrong.most.mean).toBeCloseTo(0, 12);
    expect(wrong.most.error).toBe(0);
  });

  it('counts the draws that carry it, however large T is', () => {
    const single = judged((z) => (z > 3.4 ? 1000 : 0));
    expect(Number.isFinite(single.most.mean)).toBe(true);
    expect(single.effectiveDraws).toBeLessThan(100);
  });
});
