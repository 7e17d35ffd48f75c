import {
  add,
  expm1,
  mul,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { expectBatch, expectSameShapes, perRow, sumRows } from './shapes.js';

/** The kernel of `gaussianKl`: one output, [B]. */
export const gaussianKlKernel = 'ElboGaussianKl';
/** Two tensors of one shape, [B, …]. */
export type GaussianKlInputs = Readonly<Record<'mean' | 'logVar', TensorInfo>>;

const operation: Operation<'mean' | 'logVar'> = {
  kernelName: gaussianKlKernel,
  gradient: {
    inputs: ['mean', 'logVar'],
    rule: (dy, { mean, logVar }) => ({
      mean: () => mul(perRow(dy, mean), mean),
      logVar: () => mul(perRow(mul(dy, 0.5), mean), expm1(logVar)),
    }),
  },
};

/**
 * KL(N(mean, diag(e^logVar)), N(0, I)) in nats, summed over all axes but the first:
 * ½ Σ (mean² + e^logVar − 1 − logVar) (Kingma & Welling 2014, appendix B).
 *
 * @param mean [B, …].
 * @param logVar [B, …], of the same shape; not clamped: above about 88, e^logVar overflows.
 * @returns [B].
 * @throws OperationError when the shapes differ.
 */
export function gaussianKl(mean: Tensor, logVar: Tensor): Tensor1D {
  expectBatch('gaussianKl', mean);
  expectSameShapes('gaussianKl', { mean, logVar });
  return dispatch(operation, { mean, logVar }, {}, () =>
    mul(sumRows(add(square(mean), sub(expm1(logVar), logVar))), 0.5),
  );
}
