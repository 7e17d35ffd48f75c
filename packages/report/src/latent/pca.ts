import { ShapeError } from '@elbo/core';
import { leadingEigen } from './leading.js';

/** Points seen along the directions in which they vary most. */
export interface Projection {
  /** The points, [n, components] flattened. */
  readonly points: Float64Array;
  /** The share of the points' total variance along each direction. */
  readonly explained: readonly number[];
  /** The directions, of unit length; the largest component of each is positive. */
  readonly directions: readonly Float64Array[];
}

/** The covariance's product with a vector, without the covariance. */
function covarianceTimes(centred: Float64Array, n: number, dims: number) {
  return (vector: Float64Array): Float64Array => {
    const product = new Float64Array(dims);
    for (let from = 0; from < n * dims; from += dims) {
      let along = 0;
      for (let i = 0; i < dims; i++) along += centred[from + i]! * vector[i]!;
      along /= n;
      for (let i = 0; i < dims; i++) product[i]! += along * centred[from + i]!;
    }
    return product;
  };
}

/** The sign of a direction is arbitrary; a fixed rule makes the same points look the same each time. */
function signed(direction: Float64Array): Float64Array {
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  return largest < 0 ? direction.map((v) => -v) : direction;
}

/**
 * Principal component analysis in double precision.
 *
 * @param points [n, dims] flattened.
 * @throws ShapeError when the values do not make whole points, or have fewer dimensions than components.
 *
 * @example
 * ```ts
 * import { pca } from '@elbo/report';
 *
 * const onALine = [0, 0, 3, 4, 6, 8];
 * console.log(pca(onALine, { dims: 2, components: 1 }).directions[0]!.join()); // 0.6,0.8
 * ```
 */
export function pca(
  points: ArrayLike<number>,
  { dims, components = 2 }: { readonly dims: number; readonly components?: number },
): Projection {
  const n = points.length / dims;
  if (!Number.isInteger(n) || n < 1 || dims < components) {
    throw new ShapeError(
      `${points.length} values do not make points of ${dims} dimensions with ${components} principal components.`,
    );
  }
  const mean = new Float64Array(dims);
  for (let i = 0; i < points.length; i++) mean[i % dims]! += points[i]! / n;
  const centred = Float64Array.from(points, (value, i) => value - mean[i % dims]!);
  const total = centred.reduce((sum, value) => sum + value * value, 0) / n;
  const { values, vectors } = leadingEigen(covarianceTimes(centred, n, dims), dims, components);
  const directions = vectors.slice(0, components).map(signed);
  const projected = new Float64Array(n * components);
  for (let r = 0; r < n; r++)
    directions.forEach((direction, c) => {
      let sum = 0;
      for (let i = 0; i < dims; i++) sum += centred[r * dims + i]! * direction[i]!;
      projected[r * components + c] = sum;
    });
  return {
    points: projected,
    directions,
    explained: directions.map((_, c) => (total > 0 ? Math.max(0, values[c]!) / total : 0)),
  };
}
