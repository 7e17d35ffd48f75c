import { fold, normal, type Key } from '@elbo/random';
import { expectCount } from '../estimable.js';
import { countOf, expectPoints, pooled, type Points } from '../points.js';
import {
  permutationTest,
  type PermutationOptions,
  type TwoSampleTest,
} from './permutation_test.js';

/** Along how many directions the distance is taken. */
export interface SlicedOptions {
  readonly key: Key;
  /** Random ones; 50 by default. */
  readonly directions?: number;
}

/**
 * The sliced Wasserstein distance of order 1 (Bonneel et al. 2015): the mean over random directions of the Wasserstein
 * distance between the samples' projections, ∫ |F − G|, in the units of the points. Of equal distributions it is above 0
 * by about 1/√N.
 *
 * @throws ShapeError when the two differ in dimension; DataError when one is empty; ConfigError for directions that are
 * none.
 */
export function slicedWasserstein(p: Points, q: Points, options: SlicedOptions): number {
  const first = Uint8Array.from({ length: countOf(p) + countOf(q) }, (_, i) =>
    Number(i < countOf(p)),
  );
  return distanceOf(p, q, options)(first);
}

/**
 * The two-sample test whose statistic is the sliced Wasserstein distance, with a p-value by permutations.
 *
 * @throws ShapeError when the two differ in dimension; DataError when one is empty; ConfigError for directions that are
 * none.
 */
export function slicedWassersteinTest(
  p: Points,
  q: Points,
  options: SlicedOptions & PermutationOptions,
): TwoSampleTest {
  return permutationTest(countOf(p), countOf(q), distanceOf(p, q, options), {
    ...options,
    key: fold(options.key, 'permutations'),
  });
}

/** The distance between two parts of all samples. Projections are sorted once: a part only decides the steps of F and G. */
function distanceOf(
  p: Points,
  q: Points,
  { key, directions = 50 }: SlicedOptions,
): (first: Uint8Array) => number {
  expectPoints('slicedWasserstein', 1, p, q);
  expectCount('slicedWasserstein', 'directions', directions, 1);
  const [n, m] = [countOf(p), countOf(q)];
  const points = pooled(p, q);
  const slices = Array.from({ length: directions }, (_, i) =>
    sliceOf(points, unitVector(fold(key, i), p.dim)),
  );
  return (first) => {
    let total = 0;
    for (const { order, gaps } of slices) {
      let difference = 0;
      order.forEach((row, i) => {
        difference += first[row] === 1 ? 1 / n : -1 / m;
        total += Math.abs(difference) * gaps[i]!;
      });
    }
    return total / directions;
  };
}

/** The order of the points' projections, and from each one the way to the next. */
function sliceOf(
  points: Points,
  direction: Float64Array,
): { readonly order: Uint32Array; readonly gaps: Float64Array } {
  const { values, dim } = points;
  const projections = Float64Array.from({ length: countOf(points) }, (_, row) => {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += values[row * dim + d]! * direction[d]!;
    return sum;
  });
  const order = Uint32Array.from(projections.keys()).sort(
    (i, j) => projections[i]! - projections[j]!,
  );
  const gaps = Float64Array.from(order, (row, i) =>
    i + 1 < order.length ? projections[order[i + 1]!]! - projections[row]! : 0,
  );
  return { order, gaps };
}

/** Uniform on the sphere. */
function unitVector(key: Key, dim: number): Float64Array {
  const vector = Float64Array.from(normal(key, dim));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
