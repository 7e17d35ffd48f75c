import {
  mul,
  neg,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { logTwoPi } from './normal_log_prob.js';
import { expectBatch, perRow, sumRows } from './shapes.js';

/** The kernel of `standardNormalLogProb`: one output, [B]. */
export const standardNormalLogProbKernel = 'ElboStandardNormalLogProb';
/** z [B, …]. */
export type StandardNormalLogProbInputs = Readonly<Record<'z', TensorInfo>>;

const operation: Operation<'z'> = {
  kernelName: standardNormalLogProbKernel,
  gradient: {
    inputs: ['z'],
    rule: (dy, { z }) => ({ z: () => mul(perRow(dy, z), neg(z)) }),
  },
};

/**
 * log N(z; 0, I) in nats, summed over all axes but the first: −½ Σ (log 2π + z²).
 *
 * @param z [B, …].
 * @returns [B].
 */
export function standardNormalLogProb(z: Tensor): Tensor1D {
  expectBatch('standardNormalLogProb', z);
  return dispatch(operation, { z }, {}, () => {
    const dimensions = z.size / z.shape[0];
    return sub(-0.5 * dimensions * logTwoPi, mul(sumRows(square(z)), 0.5));
  });
}
