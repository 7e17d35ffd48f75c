import {
  add,
  exp,
  mul,
  neg,
  square,
  sub,
  tidy,
  type Tensor,
  type Tensor1D,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { expectBatch, perRow, sameShapes, sumRows } from './shapes.js';

/** The kernel of `normalLogProb`: one output, [B]. */
export const normalLogProbKernel = 'ElboNormalLogProb';
/** Three tensors of one shape, [B, …]. */
export type NormalLogProbInputs = Readonly<Record<'x' | 'mean' | 'logVar', TensorInfo>>;

/** log 2π. */
export const logTwoPi: number = Math.log(2 * Math.PI);

const operation: Operation<'x' | 'mean' | 'logVar'> = {
  kernelName: normalLogProbKernel,
  gradient: {
    inputs: ['x', 'mean', 'logVar'],
    rule: (dy, { x, mean, logVar }) => {
      const precision = exp(neg(logVar));
      const difference = sub(x, mean);
      const toMean = (): Tensor => mul(perRow(dy, x), mul(difference, precision));
      return {
        x: () => neg(toMean()),
        mean: toMean,
        logVar: () => mul(perRow(mul(dy, 0.5), x), sub(mul(square(difference), precision), 1)),
      };
    },
  },
};

/**
 * log N(x; mean, diag(e^logVar)) in nats, summed over all axes but the first:
 * −½ Σ (log 2π + logVar + (x − mean)² e^−logVar). `logVar` is not clamped: below about −88, e^−logVar overflows.
 *
 * @param x [B, …].
 * @param mean of the shape of `x`, or one that broadcasts with it.
 * @param logVar likewise.
 * @returns [B].
 */
export function normalLogProb(x: Tensor, mean: Tensor, logVar: Tensor): Tensor1D {
  expectBatch('normalLogProb', x);
  const composition = (): Tensor1D => {
    const terms = add(add(logVar, logTwoPi), mul(square(sub(x, mean)), exp(neg(logVar))));
    return mul(sumRows(terms), -0.5);
  };
  return sameShapes(x, mean, logVar)
    ? dispatch(operation, { x, mean, logVar }, {}, composition)
    : tidy(composition);
}
