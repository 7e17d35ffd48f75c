import {
  mul,
  neg,
  sigmoid,
  softplus,
  sub,
  type Tensor,
  type Tensor1D,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { expectBatch, expectSameShapes, perRow, sumRows } from './shapes.js';

/** The kernel of `bceWithLogits`: one output, [B]. */
export const bceWithLogitsKernel = 'ElboBceWithLogits';
/** Two tensors of one shape, [B, …]. */
export type BceWithLogitsInputs = Readonly<Record<'logits' | 'targets', TensorInfo>>;

const operation: Operation<'logits' | 'targets'> = {
  kernelName: bceWithLogitsKernel,
  gradient: {
    inputs: ['logits', 'targets'],
    rule: (dy, { logits, targets }) => ({
      logits: () => mul(perRow(dy, logits), sub(sigmoid(logits), targets)),
      targets: () => mul(perRow(dy, logits), neg(logits)),
    }),
  },
};

/**
 * −log p(targets) of a Bernoulli with these logits, in nats, summed over all axes but the first:
 * Σ max(l, 0) − l·t + log(1 + e^−|l|), which is finite for every finite logit. Targets may lie anywhere in [0, 1].
 *
 * @param logits [B, …].
 * @param targets [B, …], of the same shape.
 * @returns [B].
 * @throws OperationError when the shapes differ.
 */
export function bceWithLogits(logits: Tensor, targets: Tensor): Tensor1D {
  expectBatch('bceWithLogits', logits);
  expectSameShapes('bceWithLogits', { logits, targets });
  return dispatch(operation, { logits, targets }, {}, () =>
    // softplus(l) is max(l, 0) + log(1 + e^−|l|), with the right gradient also at 0.
    sumRows(sub(softplus(logits), mul(logits, targets))),
  );
}
