import { mapTree, type Params } from '@elbo/core';
import { detach, flatten } from '@elbo/gradients';
import { randomNormal } from '@elbo/ops';
import { key } from '@elbo/random';
import {
  add,
  clone,
  div,
  matMul,
  maximum,
  mul,
  reshape,
  sqrt,
  square,
  sum,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** Where every power iteration begins; nothing is special about it, so that no kernel's own vector is at right angles. */
const start = key(2018);

const isKernel = (path: string): boolean => path.split('/').at(-1) === 'kernel';

/** Applies f to every kernel of a network's parameters. */
export function mapKernels(params: Params, f: (kernel: Tensor) => Tensor): Params {
  return mapTree(params, (leaf, path) => (isKernel(path) ? f(leaf) : leaf));
}

/**
 * The largest singular value of a kernel, as the matrix of all of its axes but the last by the last, differentiable in it.
 *
 * A network has no state, so the power iteration begins at the same vector each time; no gradient goes through it: that of
 * σ = uᵀWv with u and v constant is right. σ is found from below; after 20 iterations it is short of itself by 5 % at most
 * (kernels as they begin, up to 784 × 512).
 */
export function largestSingularValue(kernel: Tensor, iterations = 20): Scalar {
  const matrix: Tensor2D = reshape(kernel, [-1, kernel.shape.at(-1)!]);
  const fixed = detach(matrix);
  let right = unit(randomNormal<Rank.R2>(start, [matrix.shape[1], 1]));
  let left = unit(matMul(fixed, right));
  for (let i = 0; i < iterations; i++) {
    right = unit(matMul(fixed, left, true));
    left = unit(matMul(fixed, right));
  }
  return sum(mul(left, matMul(matrix, right)));
}

/**
 * The parameters of fully connected layers with each kernel divided by as much as its norm exceeds its share of
 * `constant`: with activations no steeper than 1 the network then stretches no distance by more, to within 5 % a layer. The
 * tensors are all new ones.
 */
export function contracted(params: Params, constant: number): Params {
  const share = constant ** (1 / flatten(params).filter(({ path }) => isKernel(path)).length);
  return mapTree(params, (leaf, path) =>
    isKernel(path) ? div(leaf, maximum(div(largestSingularValue(leaf), share), 1)) : clone(leaf),
  );
}

function unit(vector: Tensor2D): Tensor2D {
  return div(vector, sqrt(add(sum(square(vector)), 1e-24)));
}
