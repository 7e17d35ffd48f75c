import { DataError } from '@elbo/core';
import { sampleMoments, symmetricEigen } from '@elbo/datasets';
import { countOf, pointAt, type Points } from '../points.js';

/** Points under an affine map, and log |det| of the map. */
export interface Whitened {
  readonly points: Points;
  readonly logDeterminant: number;
}

/**
 * The points moved and turned so that their mean is 0 and their covariance I: nearest-neighbour estimates are best on
 * them, and lose only `logDeterminant`.
 *
 * @throws DataError when the points lie in fewer dimensions than they have.
 */
export function whiten(points: Points): Whitened {
  const { dim } = points;
  const { mean, covariance } = sampleMoments(points.values, dim);
  const { values: variances, vectors } = symmetricEigen(covariance);
  if (!(variances[dim - 1]! > 1e-12 * variances[0]!))
    throw new DataError(
      `whiten: the points lie in fewer than their ${dim} dimensions; leave out what never varies.`,
    );
  const scales = variances.map((variance) => 1 / Math.sqrt(variance));
  const count = countOf(points);
  const values = new Float64Array(count * dim);
  for (let row = 0; row < count; row++) {
    const point = pointAt(points, row);
    for (let i = 0; i < dim; i++) {
      const direction = vectors[i]!;
      let sum = 0;
      for (let d = 0; d < dim; d++) sum += direction[d]! * (point[d]! - mean[d]!);
      values[row * dim + i] = sum * scales[i]!;
    }
  }
  return {
    points: { values, dim },
    logDeterminant: scales.reduce((sum, scale) => sum + Math.log(scale), 0),
  };
}
