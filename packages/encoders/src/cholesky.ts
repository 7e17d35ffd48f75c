import { boundedLogScale } from '@elbo/core';
import {
  add,
  exp,
  eye,
  matMul,
  mul,
  reshape,
  sub,
  tensor2d,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';

/** How many numbers make a lower-triangular matrix of `dim` rows. */
export function choleskySize(dim: number): number {
  return (dim * (dim + 1)) / 2;
}

/** A 0/1 matrix that spreads `choleskySize` numbers, row by row, over the lower triangle of a flat matrix. */
function spread(dim: number): Tensor2D {
  const size = choleskySize(dim);
  const ones = new Float32Array(size * dim * dim);
  let from = 0;
  for (let row = 0; row < dim; row++)
    for (let column = 0; column <= row; column++) ones[from++ * dim * dim + row * dim + column] = 1;
  return tensor2d(ones, [size, dim * dim]);
}

/**
 * Lower-triangular matrices with a positive diagonal, `[B, Z, Z]`, of unconstrained numbers `[B, Z (Z + 1) / 2]`: the
 * diagonal is exp(½ (raw + offset)), so that a diagonal number reads as a log variance, bounded as one.
 */
export function choleskyFactor(raw: Tensor2D, dim: number, offset: number): Tensor3D {
  const triangle: Tensor3D = reshape(matMul(raw, spread(dim)), [-1, dim, dim]);
  const identity = eye(dim);
  const diagonal = mul(triangle, identity);
  return add(
    sub(triangle, diagonal),
    mul(identity, exp(mul(add(boundedLogScale(diagonal), offset), 0.5))),
  );
}
