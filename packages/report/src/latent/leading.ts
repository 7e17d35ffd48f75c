import { symmetricEigen, type Eigen } from './eigen.js';
import { largestEigen } from './lanczos.js';

/** Up to so many dimensions all directions are computed, which is exact; beyond, those that are asked for. */
const few = 64;

/** A symmetric matrix by its products with the axes. */
function matrixOf(times: (vector: Float64Array) => Float64Array, dims: number): Float64Array {
  const matrix = new Float64Array(dims * dims);
  for (let i = 0; i < dims; i++)
    matrix.set(times(Float64Array.from({ length: dims }, (_, j) => Number(i === j))), i * dims);
  return matrix;
}

/**
 * The largest eigenvalues of a symmetric, positive semidefinite matrix that is given by its products with vectors: all of
 * few dimensions, and of many at least the `count` that are asked for.
 */
export function leadingEigen(
  times: (vector: Float64Array) => Float64Array,
  dims: number,
  count: number,
): Eigen {
  return dims <= few
    ? symmetricEigen(matrixOf(times, dims), dims)
    : largestEigen(times, dims, count);
}
