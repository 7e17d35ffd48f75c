import { addN, mul, square, sum, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { OperationError } from './errors.js';

/** The kernel of the squared norm of a list of tensors, whose inputs are named by their places in it: one scalar. */
export const squaredNormKernel = 'ElboSquaredNorm';

const operation: Operation<string> = {
  kernelName: squaredNormKernel,
  gradient: {
    inputs: 'listed',
    rule: (dy, saved) =>
      Object.fromEntries(
        Object.entries(saved).map(([place, x]) => [place, () => mul(mul(dy, 2), x)]),
      ),
  },
};

/**
 * Σ x² over all elements of all tensors; its root is their global norm.
 *
 * @throws OperationError when there is no tensor.
 */
export function squaredNorm(tensors: readonly Tensor[]): Scalar {
  if (tensors.length === 0) throw new OperationError('squaredNorm: expected at least one tensor.');
  return dispatch(operation, tensors, {}, () =>
    addN(
      // The last axis first: one long float32 sum would lose digits.
      tensors.map((x) => sum<Scalar>(x.rank > 1 ? sum(square(x), -1) : square(x))),
    ),
  );
}
