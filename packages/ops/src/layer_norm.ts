import {
  add,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { OperationError } from './errors.js';

/** The kernel of `layerNorm`: one output of the shape of x. */
export const layerNormKernel = 'ElboLayerNorm';
/** x [..., N], gain [N], bias [N]. */
export type LayerNormInputs = Readonly<Record<'x' | 'gain' | 'bias', TensorInfo>>;
/** What is added to the variance. */
export type LayerNormAttrs = Readonly<Record<'epsilon', number>>;

/** x with mean 0 and variance 1 over its last axis, and the factor that made it so. */
function standardise(x: Tensor, epsilon: number): { standard: Tensor; scale: Tensor } {
  const centred = sub(x, mean(x, -1, true));
  const scale = rsqrt(add(mean(square(centred), -1, true), epsilon));
  return { standard: mul(centred, scale), scale };
}

/** The sum over all axes but the last. */
const sumToLast = (x: Tensor): Tensor => sum(x, x.shape.map((_, axis) => axis).slice(0, -1));

const operation: Operation<'x' | 'gain' | 'bias', LayerNormAttrs> = {
  kernelName: layerNormKernel,
  gradient: {
    inputs: ['x', 'gain', 'bias'],
    rule: (dy, { x, gain }, { epsilon }) => {
      const { standard, scale } = standardise(x, epsilon);
      return {
        x: () => {
          const d = mul(dy, gain);
          const along = mul(standard, mean(mul(d, standard), -1, true));
          return mul(scale, sub(sub(d, mean(d, -1, true)), along));
        },
        gain: () => sumToLast(mul(dy, standard)),
        bias: () => sumToLast(dy),
      };
    },
  },
};

/**
 * Layer normalisation over the last axis, gain · (x − μ) / √(σ² + epsilon) + bias (Ba et al. 2016, eq. 4), with the
 * biased variance σ².
 *
 * @param x [..., N], of rank 2 or more.
 * @param gain [N].
 * @param bias [N].
 * @returns the shape of `x`.
 * @throws OperationError when the shapes do not fit.
 */
export function layerNorm<T extends Tensor>(
  x: T,
  gain: Tensor1D,
  bias: Tensor1D,
  epsilon: number,
): T {
  const n = x.shape.at(-1);
  const vectors = gain.rank === 1 && bias.rank === 1 && gain.size === n && bias.size === n;
  if (x.rank < 2 || !vectors) {
    throw new OperationError(
      `layerNorm: x [${x.shape.join(', ')}], gain [${gain.shape.join(', ')}], bias [${bias.shape.join(', ')}]; ` +
        'expected x [..., N], gain [N], bias [N].',
    );
  }
  return dispatch(operation, { x, gain, bias }, { epsilon }, () =>
    add(mul(standardise(x, epsilon).standard, gain), bias),
  );
}
