import { add, clone, exp, mul, type Tensor, type TensorInfo, tidy } from '@tensorflow/tfjs-core';
import { dispatch, type Operation } from './dispatch.js';
import { sameShapes } from './shapes.js';

/** The kernel of `reparameterize`: one output of the inputs' shape. */
export const reparameterizeKernel = 'ElboReparameterize';
/** Three tensors of one shape. */
export type ReparameterizeInputs = Readonly<Record<'mean' | 'logVar' | 'noise', TensorInfo>>;

const deviation = (logVar: Tensor): Tensor => exp(mul(logVar, 0.5));

const operation: Operation<'mean' | 'logVar' | 'noise'> = {
  kernelName: reparameterizeKernel,
  gradient: {
    inputs: ['mean', 'logVar', 'noise'],
    rule: (dy, { logVar, noise }) => ({
      mean: () => clone(dy),
      logVar: () => mul(dy, mul(mul(noise, 0.5), deviation(logVar))),
      noise: () => mul(dy, deviation(logVar)),
    }),
  },
};

/**
 * A sample of N(mean, diag(e^logVar)) from one of N(0, I): mean + e^(logVar / 2) · noise (Kingma & Welling 2014, §2.4).
 *
 * @param mean [B, Z].
 * @param logVar [B, Z].
 * @param noise [B, Z]; other shapes broadcast, such as [K, B, Z] for K samples a row.
 * @returns [B, Z], or the broadcast shape.
 */
export function reparameterize<T extends Tensor>(mean: Tensor, logVar: Tensor, noise: T): T {
  const composition = (): T => add(mean, mul(deviation(logVar), noise));
  return sameShapes(mean, logVar, noise)
    ? dispatch(operation, { mean, logVar, noise }, {}, composition)
    : tidy(composition);
}
