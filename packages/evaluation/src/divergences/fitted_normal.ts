import { DataError } from '@elbo/core';
import { sampleMoments, symmetricEigen } from '@elbo/datasets';
import { normal, type Key } from '@elbo/random';
import { countOf, type Points } from '../points.js';

/** N(mean, Σ) with the moments of some points, to draw as many from. */
export interface FittedNormal {
  readonly mean: readonly number[];
  /** Of Σ, largest first, and along which unit vectors. */
  readonly variances: readonly number[];
  readonly axes: readonly (readonly number[])[];
  /** As many as there were points, in doubles. */
  draw(key: Key): Points;
}

/**
 * The normal that has the mean and the covariance of points.
 *
 * @throws DataError when the points lie in fewer dimensions than they have, where it has no density.
 */
export function fittedNormal(points: Points): FittedNormal {
  const { dim } = points;
  const { mean, covariance } = sampleMoments(points.values, dim);
  const { values: variances, vectors: axes } = symmetricEigen(covariance);
  if (!(variances[dim - 1]! > 1e-12 * variances[0]!))
    throw new DataError(
      `calibration: the points lie in fewer than their ${dim} dimensions, where no normal has a density; leave out what never varies.`,
    );
  const size = countOf(points) * dim;
  return {
    mean,
    variances,
    axes,
    draw: (key) => {
      const noise = normal(key, 2 * size);
      const values = new Float64Array(size);
      for (let begin = 0; begin < size; begin += dim)
        axes.forEach((axis, i) => {
          // Noise in float32 coincides now and then; a second draw adds the digits that the first one lacks.
          const along = noise[begin + i]! + 1e-7 * noise[size + begin + i]!;
          const step = along * Math.sqrt(variances[i]!);
          for (let d = 0; d < dim; d++) values[begin + d]! += step * axis[d]!;
        });
      return { values: values.map((value, i) => value + mean[i % dim]!), dim };
    },
  };
}

/** Its log density at a point, in nats. */
export function logNormal(
  { mean, variances, axes }: FittedNormal,
  point: ArrayLike<number>,
): number {
  return axes.reduce((sum, axis, i) => {
    const along = axis.reduce((all, value, d) => all + value * (point[d]! - mean[d]!), 0);
    return sum - 0.5 * (Math.log(2 * Math.PI * variances[i]!) + along ** 2 / variances[i]!);
  }, 0);
}

/** The differential entropy, in nats. */
export function normalEntropy({ variances }: FittedNormal): number {
  return variances.reduce((sum, v) => sum + 0.5 * Math.log(2 * Math.PI * Math.E * v), 0);
}

/** KL(p ‖ q) in nats. */
export function normalKl(p: FittedNormal, q: FittedNormal): number {
  const inner = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, d) => sum + value * b[d]!, 0);
  const way = p.mean.map((value, d) => value - q.mean[d]!);
  return q.axes.reduce((sum, axis, i) => {
    const spread = p.axes.reduce((all, own, j) => all + p.variances[j]! * inner(own, axis) ** 2, 0);
    const ratio = (spread + inner(way, axis) ** 2) / q.variances[i]!;
    return sum + 0.5 * (ratio - 1 + Math.log(q.variances[i]! / p.variances[i]!));
  }, 0);
}
