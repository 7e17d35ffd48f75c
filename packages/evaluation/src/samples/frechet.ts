import { countOf, expectPoints, type Points } from '../points.js';
import { eigenvalues } from './eigenvalues.js';

/**
 * The squared Fréchet distance of the normals that have the samples' moments (Heusel et al. 2017, eq. 6),
 * ‖m − m'‖² + tr(C + C' − 2 (C C')^½), in the squared units of the points, in doubles. On features of a network it is the
 * "FID".
 *
 * It is biased upward, for N white points each by about D²/2N + 2D/N: compare values of one network and one N only.
 * Time grows as D³ + N D²: a second at 256 features, some minutes at 2048.
 *
 * @throws ShapeError when the two differ in dimension; DataError when one has fewer than two samples.
 */
export function frechetDistance(p: Points, q: Points): number {
  expectPoints('frechetDistance', 2, p, q);
  const { dim } = p;
  const [ofP, ofQ] = [moments(p), moments(q)];
  // C C' has the eigenvalues of Lᵀ C' L with C = L Lᵀ, which is symmetric.
  const factor = cholesky(ofP.covariance, dim);
  const product = times(transpose(factor, dim), times(ofQ.covariance, factor, dim), dim);
  const roots = eigenvalues(product, dim).reduce((sum, v) => sum + Math.sqrt(Math.max(0, v)), 0);
  const shift = ofP.mean.reduce((sum, value, d) => sum + (value - ofQ.mean[d]!) ** 2, 0);
  return shift + trace(ofP.covariance, dim) + trace(ofQ.covariance, dim) - 2 * roots;
}

/** The mean, and the covariance over N − 1, `[D, D]`, flat. */
function moments(points: Points): {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
} {
  const { values, dim } = points;
  const count = countOf(points);
  const mean = new Float64Array(dim);
  values.forEach((value, i) => (mean[i % dim]! += value / count));
  const covariance = new Float64Array(dim * dim);
  const centred = new Float64Array(dim);
  for (let row = 0; row < count; row++) {
    for (let d = 0; d < dim; d++) centred[d] = values[row * dim + d]! - mean[d]!;
    for (let i = 0; i < dim; i++) {
      const scaled = centred[i]! / (count - 1);
      for (let j = 0; j < dim; j++) covariance[i * dim + j]! += scaled * centred[j]!;
    }
  }
  return { mean, covariance };
}

/** L with L Lᵀ a positive semi-definite matrix: a column of no variance beyond the others' is 0. */
function cholesky(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const left = (i: number): number => {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      return sum;
    };
    const pivot = left(j);
    if (pivot <= 1e-12 * matrix[j * (n + 1)]!) continue;
    factor[j * (n + 1)] = Math.sqrt(pivot);
    for (let i = j + 1; i < n; i++) factor[i * n + j] = left(i) / factor[j * (n + 1)]!;
  }
  return factor;
}

function times(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const value = a[i * n + k]!;
      if (value === 0) continue;
      for (let j = 0; j < n; j++) product[i * n + j]! += value * b[k * n + j]!;
    }
  return product;
}

function transpose(a: Float64Array, n: number): Float64Array {
  return a.map((_, i) => a[(i % n) * n + Math.floor(i / n)]!);
}

function trace(a: Float64Array, n: number): number {
  return a.reduce((sum, value, i) => (i % (n + 1) === 0 ? sum + value : sum), 0);
}
