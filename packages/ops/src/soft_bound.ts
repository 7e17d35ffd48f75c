import {
  abs,
  div,
  maximum,
  mul,
  square,
  sub,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { OperationError } from './errors.js';

/** The kernel of `softBound`: one output, of the shape of `x`. */
export const softBoundKernel = 'ElboSoftBound';
/** Any tensor. */
export type SoftBoundInputs = Readonly<Record<'x', TensorInfo>>;
/** Up to where x stays as it is; positive. */
export type SoftBoundAttrs = Readonly<Record<'identity', number>>;

/** r = a / max(|x|, a): exactly 1 where |x| ≤ a. */
const share = (x: Tensor, identity: number): Tensor => div(identity, maximum(abs(x), identity));

const operation: Operation<'x', SoftBoundAttrs> = {
  kernelName: softBoundKernel,
  gradient: {
    inputs: ['x'],
    rule: (dy, { x }, { identity }) => ({ x: () => mul(dy, square(share(x, identity))) }),
  },
};

/**
 * Each element as it is, to the last bit, where |x| ≤ a = `identity`; beyond, sign(x) (2a − a²/|x|), which rises to the
 * limit 2a. The slope is 1, and beyond a it is (a/x)²: continuous, and 0 nowhere, so that what is far out still learns to
 * come back.
 *
 * @throws OperationError unless `identity` is positive and finite.
 */
export function softBound<T extends Tensor>(x: T, identity: number): T {
  if (!(identity > 0 && identity < Infinity))
    throw new OperationError(`softBound: 'identity' must be positive, not ${identity}.`);
  return dispatch(operation, { x }, { identity }, () => {
    const r = share(x, identity);
    return mul(mul(x, r), sub(2, r));
  });
}
