import {
  addN,
  mul,
  square,
  sum,
  tidy,
  type Scalar,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { OperationError } from './errors.js';

/** The kernel of the squared norm of one tensor: one scalar. */
export const squaredNormKernel = 'ElboSquaredNorm';
/** x, of any shape. */
export type SquaredNormInputs = Readonly<Record<'x', TensorInfo>>;

const operation: Operation<'x'> = {
  kernelName: squaredNormKernel,
  gradient: {
    inputs: ['x'],
    rule: (dy, { x }) => ({ x: () => mul(mul(dy, 2), x) }),
  },
};

/**
 * Σ x² over all elements of all tensors; its root is their global norm.
 *
 * @throws OperationError when there is no tensor.
 */
export function squaredNorm(tensors: readonly Tensor[]): Scalar {
  if (tensors.length === 0) throw new OperationError('squaredNorm: expected at least one tensor.');
  return tidy(() =>
    addN(
      tensors.map((x) =>
        // The last axis first: one long float32 sum would lose digits.
        dispatch(operation, { x }, {}, () => sum(x.rank > 1 ? sum(square(x), -1) : square(x))),
      ),
    ),
  );
}
