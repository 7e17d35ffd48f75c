import {
  add,
  cast,
  clipByValue,
  div,
  equal,
  exp,
  expandDims,
  log,
  max,
  mul,
  squeeze,
  sub,
  sum,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { OperationError } from './errors.js';
import { untaped } from './untaped.js';

/** The kernel of `logSumExp`: one output, without the axis. */
export const logSumExpKernel = 'ElboLogSumExp';
/** x, of any rank ≥ 1. */
export type LogSumExpInputs = Readonly<Record<'x', TensorInfo>>;
/** The axis, 0 ≤ axis < rank. */
export type LogSumExpAttrs = Readonly<Record<'axis', number>>;

const largest = 3.4028234e38;

/** e^(x − m), its sum over the axis, never 0, and m, the maximum; the axis is kept. m is constant to gradients. */
function exponentials(x: Tensor, axis: number): { terms: Tensor; total: Tensor; shift: Tensor } {
  const { shift, finiteShift, empty } = untaped(() => {
    const shift = max(x, axis, true);
    const empty = cast(equal(shift, -Infinity), 'float32');
    return { shift, finiteShift: clipByValue(shift, -largest, largest), empty };
  });
  const terms = exp(sub(x, finiteShift));
  // A row of −∞ has no terms: the sum is then 1, the gradient 0, and the value comes from the shift.
  return { terms, total: add(sum(terms, axis, true), empty), shift };
}

const operation: Operation<'x', LogSumExpAttrs> = {
  kernelName: logSumExpKernel,
  gradient: {
    inputs: ['x'],
    rule: (dy, { x }, { axis }) => ({
      x: () => {
        const { terms, total } = exponentials(x, axis);
        return mul(expandDims(dy, axis), div(terms, total));
      },
    }),
  },
};

/**
 * log Σ eˣ over one axis, without overflow. A row of −∞ gives −∞, with gradient 0.
 *
 * @param x of rank 1 or more.
 * @param axis counted from the end where negative.
 * @returns `x` without the axis.
 * @throws OperationError when there is no such axis.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { logSumExp } from '@elbo/ops';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 *
 * await selectBackend({ backend: 'cpu' });
 * console.log(String(logSumExp(tensor2d([[1000, 1000]])))); // Tensor [1000.6931763]
 * ```
 */
export function logSumExp(x: Tensor, axis = -1): Tensor {
  const along = axis < 0 ? axis + x.rank : axis;
  if (!Number.isInteger(along) || along < 0 || along >= x.rank) {
    throw new OperationError(
      `logSumExp: no axis ${axis} in a tensor of shape [${x.shape.join(', ')}].`,
    );
  }
  return dispatch(operation, { x }, { axis: along }, () => {
    const { total, shift } = exponentials(x, along);
    return squeeze(add(log(total), shift), [along]);
  });
}
