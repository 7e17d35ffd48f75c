import { symmetricEigen } from '@elbo/datasets';
import { describe, expect, it } from 'vitest';
import {
  auroc,
  aupr,
  frechetDistance,
  kernelDistance,
  memorisation,
  type Points,
} from '../src/index.js';
import { estimateOf } from '../src/estimate.js';
import { eigenvalues } from '../src/samples/eigenvalues.js';
import { gaussianPoints } from './gaussians.js';

/** Points as an affine map makes them of others, so that the moments are known exactly. */
const mapped = (
  { values, dim }: Points,
  matrix: readonly (readonly number[])[],
  shift: readonly number[],
): Points => ({
  dim,
  values: Float64Array.from(values, (_, i) => {
    const begin = i - (i % dim);
    return matrix[i % dim]!.reduce((sum, m, d) => sum + m * values[begin + d]!, shift[i % dim]!);
  }),
});

describe('frechetDistance', () => {
  const points = gaussianPoints(1, 200, [0, 0, 0], [1, 2, 0.5]);

  it('of points that are moved is the squared way', () => {
    const moved = mapped(
      points,
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      [3, 0, -4],
    );
    expect(frechetDistance(points, moved)).toBeCloseTo(25, 8);
    expect(frechetDistance(points, points)).toBeCloseTo(0, 8);
  });

  it('is right of fewer points than dimensions', () => {
    const few = gaussianPoints(8, 5, [0, 0, 0, 0, 0, 0, 0, 0]);
    const values = few.values.map((v, i) => (i % 8 === 3 ? v + 2 : v));
    // Roots of eigenvalues that are 0 but for rounding.
    expect(frechetDistance(few, { values, dim: 8 })).toBeCloseTo(4, 5);
  });

  it('of a symmetric positive map A is the mean of ‖Ax − x‖², which is optimal (Brenier)', () => {
    const a = [
      [2, 0.5, 0],
      [0.5, 1, -0.2],
      [0, -0.2, 0.7],
    ];
    const image = mapped(points, a, [1, 0, 0]);
    // With the covariance over N − 1: the mean's part apart.
    const difference = Float64Array.from(image.values, (v, i) => v - points.values[i]!);
    const shift = [0, 1, 2].map((d) => estimateOf(difference.filter((_, i) => i % 3 === d)).mean);
    const spread = difference.reduce((sum, v, i) => sum + (v - shift[i % 3]!) ** 2, 0) / 199;
    const truth = spread + shift.reduce((sum, v) => sum + v * v, 0);
    expect(frechetDistance(points, image)).toBeCloseTo(truth, 8);
    expect(frechetDistance(image, points)).toBeCloseTo(truth, 8);
  });
});

describe('eigenvalues', () => {
  it('are those that rotations find, of matrices with equal ones too', () => {
    const n = 12;
    const { values } = gaussianPoints(
      7,
      n,
      Array.from({ length: n }, () => 0),
    );
    const random = Float64Array.from(
      values,
      (v, i) => v + values[(i % n) * n + Math.floor(i / n)]!,
    );
    // Rank 2, so that ten are 0.
    const flat = random.map((_, i) => random[i % n]! * random[Math.floor(i / n)]! + 1);
    const identity = random.map((_, i) => Number(i % (n + 1) === 0));
    for (const matrix of [random, flat, identity]) {
      const rows = Array.from({ length: n }, (_, i) => [...matrix.subarray(i * n, (i + 1) * n)]);
      const found = eigenvalues(matrix, n).toSorted((a, b) => b - a);
      symmetricEigen(rows).values.forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 9);
      });
    }
  });
});

describe('kernelDistance', () => {
  it('has the mean 0 of equal distributions, and that of the moments of others', () => {
    const repetitions = 60;
    const pairs = Array.from(
      { length: repetitions },
      (_, i) =>
        [
          gaussianPoints(2 * i, 30, [0]),
          gaussianPoints(2 * i + 1, 40, [0]),
          gaussianPoints(1000 + i, 40, [1]),
        ] as const,
    );
    const same = estimateOf(pairs.map(([p, q]) => kernelDistance(p, q)));
    expect(Math.abs(same.mean)).toBeLessThan(4 * same.error);
    // (xy + 1)³ compares 3xy + 3x²y² + x³y³: moments (0, 1, 0) against (1, 2, 4) of N(1, 1).
    const other = estimateOf(pairs.map(([p, , q]) => kernelDistance(p, q)));
    expect(Math.abs(other.mean - (3 * 1 + 3 * 1 + 16))).toBeLessThan(4 * other.error);
  });
});

describe('memorisation', () => {
  const [training, heldOut] = [gaussianPoints(3, 300, [0, 0]), gaussianPoints(4, 400, [0, 0])];

  it('finds copies, and the rows that they are of', () => {
    const copies = { dim: 2, values: training.values.slice(20, 60).map((v) => v + 1e-6) };
    const found = memorisation(copies, training, heldOut);
    expect([...found.rows]).toEqual(Array.from({ length: 20 }, (_, i) => 10 + i));
    expect(found.closer).toBe(1);
    expect(found.z).toBeGreaterThan(3);
  });

  it('finds none in fresh samples', () => {
    const found = memorisation(gaussianPoints(5, 200, [0, 0]), training, heldOut);
    expect(Math.abs(found.z)).toBeLessThan(3.5);
  });
});

describe('the detection of anomalies', () => {
  it('counts pairs, ties half', () => {
    // Of the pairs (normal, anomaly): 1<2, 1<3, 2=2, 2<3, 2=2, 2<3, 4>2, 4>3.
    const found = auroc([1, 2, 2, 4], [2, 3]);
    expect(found.mean).toBeCloseTo((1 + 1 + 0.5 + 1 + 0.5 + 1) / 8, 12);
    expect(auroc([1, 2], [3, 4])).toEqual({ mean: 1, error: 0 });
    expect(auroc([5, 5, 5], [5, 5]).mean).toBe(0.5);
  });

  it('has the closed form Φ(d/√2) of normal scores, and DeLong’s error that of repetitions', () => {
    const repetitions = Array.from({ length: 200 }, (_, i) =>
      auroc(gaussianPoints(2 * i, 60, [0]).values, gaussianPoints(2 * i + 1, 40, [1]).values),
    );
    const means = repetitions.map(({ mean }) => mean);
    const { mean, error } = estimateOf(means);
    expect(Math.abs(mean - 0.76025)).toBeLessThan(4 * error);
    const spread = error * Math.sqrt(200);
    // A standard deviation of 200 values is right to a share of 1/√400.
    expect(Math.abs(estimateOf(repetitions.map((r) => r.error)).mean / spread - 1)).toBeLessThan(
      0.2,
    );
  });

  it('averages the precision, tied scores at once', () => {
    // From the top: 4 is an anomaly (1/1), then 3 is not, then 2 and 2 with one anomaly (2/4).
    expect(aupr([3, 2], [4, 2])).toBeCloseTo(0.5 * 1 + 0.5 * 0.5, 12);
    expect(aupr([7, 7, 7], [7])).toBeCloseTo(0.25, 12);
    expect(aupr([1, 2], [3, 4])).toBe(1);
  });

  it('refuses what is no score', () => {
    expect(() => auroc([], [1])).toThrow('got 0 and 1');
    expect(() => aupr([NaN], [1])).toThrow('none of them NaN');
  });
});
