import {
  concat,
  div,
  eye,
  mul,
  reshape,
  slice,
  split,
  sub,
  sum,
  tensor2d,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';

/** The matrices `[B, Z, Z]` with zeros above their diagonals. */
export function lowerPart(matrices: Tensor3D): Tensor3D {
  const size = matrices.shape[2];
  const mask = Array.from({ length: size * size }, (_, at) =>
    at % size <= Math.floor(at / size) ? 1 : 0,
  );
  return mul(matrices, tensor2d(mask, [size, size], 'float32'));
}

/** The diagonals `[B, Z]` of matrices `[B, Z, Z]`. */
export function diagonal(matrices: Tensor3D): Tensor2D {
  return sum(mul(matrices, eye(matrices.shape[2])), 2);
}

/**
 * The solutions y of L y = b by forward substitution, for right-hand sides b `[K, B, Z]` and lower-triangular L
 * `[B, Z, Z]`; what is above L's diagonal is not read. About 5 · Z small operations, for small Z.
 */
export function solveLower(factor: Tensor3D, b: Tensor3D): Tensor3D {
  const [, rows, size] = b.shape;
  const solved: Tensor[] = [];
  let rest: Tensor = b;
  split(factor, size, 2).forEach((part, i) => {
    const column = reshape(part, [1, rows, size]);
    const pivot = slice(column, [0, 0, i], [1, rows, 1]);
    const y = div(slice(rest, [0, 0, i], [-1, rows, 1]), pivot);
    solved.push(y);
    rest = sub(rest, mul(column, y));
  });
  return concat(solved, 2) as Tensor3D;
}
