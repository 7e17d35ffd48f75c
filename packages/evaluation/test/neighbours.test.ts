import { describe, expect, it } from 'vitest';
import { nearestNeighbours, neighboursAmong, type Points } from '../src/index.js';
import { gaussianPoints } from './gaussians.js';

/** By looking at every pair. */
function brute(queries: Points, points: Points, k: number, same: boolean): readonly number[][] {
  const { dim } = points;
  const row = ({ values }: Points, i: number): readonly number[] =>
    Array.from(values.subarray(i * dim, (i + 1) * dim));
  const indices = (set: Points): readonly number[] => [...Array(set.values.length / dim).keys()];
  return indices(queries).map((i) =>
    indices(points)
      .filter((j) => !same || i !== j)
      .map((j) => Math.hypot(...row(queries, i).map((v, d) => v - row(points, j)[d]!)))
      .toSorted((a, b) => a - b)
      .slice(0, k),
  );
}

describe('nearest neighbours', () => {
  it.each([1, 2, 3, 7])('are those that looking at every pair finds, in %d dimensions', (dim) => {
    const mean = Array.from({ length: dim }, () => 0);
    const points = gaussianPoints(dim, 150, mean);
    const queries = gaussianPoints(dim + 10, 30, mean);
    const among = neighboursAmong(points, 3);
    const to = nearestNeighbours(queries, points, 2);
    brute(points, points, 3, true)
      .flat()
      .forEach((distance, i) => {
        expect(among.distances[i]).toBeCloseTo(distance, 12);
      });
    brute(queries, points, 2, false)
      .flat()
      .forEach((distance, i) => {
        expect(to.distances[i]).toBeCloseTo(distance, 12);
      });
    // The rows are those at that distance.
    to.rows.forEach((row, i) => {
      const query = queries.values.subarray((i >> 1) * dim, ((i >> 1) + 1) * dim);
      const point = points.values.subarray(row * dim, (row + 1) * dim);
      expect(Math.hypot(...Array.from(query, (v, d) => v - point[d]!))).toBeCloseTo(
        to.distances[i]!,
        12,
      );
    });
  });

  it('may coincide', () => {
    const same: Points = { values: new Float64Array(60).fill(2), dim: 2 };
    const { distances, rows } = neighboursAmong(same, 2);
    expect(Math.max(...distances)).toBe(0);
    rows.forEach((row, i) => {
      expect(row).not.toBe(i >> 1);
    });
  });

  it('need points enough, and one dimension', () => {
    const points = gaussianPoints(1, 3, [0, 0]);
    expect(() => neighboursAmong(points, 3)).toThrow('from 3 points; 4 are the least');
    expect(() => nearestNeighbours(gaussianPoints(1, 3, [0]), points, 1)).toThrow('one dimension');
    expect(() => neighboursAmong(points, 0)).toThrow('whole number from 1');
  });
});
