import { randomNormal } from '@elbo/ops';
import type { Key } from '@elbo/random';
import {
  add,
  clone,
  log,
  matMul,
  mul,
  reshape,
  square,
  sub,
  sum,
  transpose,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors.js';
import { formatShape, sameShape } from '../shapes.js';
import { valuesPerRow } from './rows.js';
import { diagonal, lowerPart, solveLower } from './triangular.js';
import type { Distribution } from './types.js';

/** Normal distributions with full covariances, N(location, L Lᵀ) for L the lower triangle of `factor`. */
export interface FullNormal extends Distribution {
  /** The means, `[B, Z]`. */
  readonly location: Tensor2D;
  /** Cholesky factors of the covariances, `[B, Z, Z]`. */
  readonly factor: Tensor3D;
  sample(key: Key, samples?: number): Tensor2D;
  mean(): Tensor2D;
}

/** log |det L| of Cholesky factors `[B, Z, Z]`: `[B]`. */
export function logDeterminant(factor: Tensor3D): Tensor1D {
  return sum(log(diagonal(factor)), 1);
}

/**
 * Normal distributions with full covariances, from the means `[B, Z]` and Cholesky factors of the covariances
 * `[B, Z, Z]`. Only the lower triangles count, and their diagonals must be positive.
 *
 * A sample is mean + L ε, differentiable in both; log densities are by forward substitution, for small Z.
 *
 * @throws ShapeError when the two do not fit each other, or a value does not fit them.
 */
export function fullNormal(mean: Tensor2D, lowerTriangular: Tensor3D): FullNormal {
  const [rows, size] = mean.shape;
  if (!sameShape(lowerTriangular.shape, [rows, size, size]))
    throw new ShapeError(
      `fullNormal: means ${formatShape(mean.shape)} need factors ${formatShape([rows, size, size])}, got ${formatShape(lowerTriangular.shape)}.`,
    );
  return {
    location: mean,
    factor: lowerTriangular,
    sample: (key, samples = 1) => {
      const noise = reshape(randomNormal(key, [samples * rows, size]), [samples, rows, size]);
      const spread = matMul(lowerPart(lowerTriangular), transpose(noise, [1, 2, 0]));
      return reshape(add(transpose(spread, [2, 0, 1]), mean), [samples * rows, size]);
    },
    logProb: (x) => {
      const count = valuesPerRow(x, mean, 'fullNormal.logProb');
      const centred = sub(reshape(x, [count, rows, size]), mean);
      const quadratic = sum(square(solveLower(lowerTriangular, centred as Tensor3D)), 2);
      const normaliser = add(logDeterminant(lowerTriangular), (size / 2) * Math.log(2 * Math.PI));
      return reshape(sub(mul(quadratic, -0.5), normaliser), [count * rows]);
    },
    mean: () => clone(mean),
  };
}
