import { sampleMoments, symmetricEigen, type Matrix } from '@elbo/datasets';
import { countOf, expectPoints, type Points } from '../points.js';

/**
 * The squared Fréchet distance of the normals that have the samples' moments (Heusel et al. 2017, eq. 6),
 * ‖m − m'‖² + tr(C + C' − 2 (C^½ C' C^½)^½), in the squared units of the points, in doubles. On features of a network it
 * is the "FID"; only values of one network and one number of samples can be compared, as it is biased upward, by about
 * (tr C + tr C')/N.
 *
 * Time grows as D³: seconds for some hundred features.
 *
 * @throws ShapeError when the two differ in dimension, or have fewer than two samples.
 */
export function frechetDistance(p: Points, q: Points): number {
  expectPoints('frechetDistance', 2, p, q);
  const [ofP, ofQ] = [moments(p), moments(q)];
  const { values, vectors } = symmetricEigen(ofP.covariance);
  // C^½ C' C^½ has the eigenvalues of Λ^½ Vᵀ C' V Λ^½.
  const scaled = vectors.map((vector, i) =>
    vector.map((value) => value * Math.sqrt(Math.max(0, values[i]!))),
  );
  const product = scaled.map((a) => {
    const image = ofQ.covariance.map((row) => dot(row, a));
    return scaled.map((b) => dot(image, b));
  });
  const roots = symmetricEigen(product).values.map((value) => Math.sqrt(Math.max(0, value)));
  const shift = ofP.mean.reduce((sum, value, d) => sum + (value - ofQ.mean[d]!) ** 2, 0);
  return (
    shift +
    trace(ofP.covariance) +
    trace(ofQ.covariance) -
    2 * roots.reduce((sum, root) => sum + root, 0)
  );
}

/** With the covariance over N − 1. */
function moments(points: Points): {
  readonly mean: readonly number[];
  readonly covariance: Matrix;
} {
  const count = countOf(points);
  const { mean, covariance } = sampleMoments(points.values, points.dim);
  return {
    mean,
    covariance: covariance.map((row) => row.map((value) => (value * count) / (count - 1))),
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function trace(matrix: Matrix): number {
  return matrix.reduce((sum, row, i) => sum + row[i]!, 0);
}
