import { logSumExp } from '@elbo/ops';
import {
  add,
  expandDims,
  mul,
  square,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** The C components of a mixture of normals with diagonal covariances, as its density needs them. */
export interface MixtureComponents {
  /** log w_c minus the log of the c-th normal's normaliser, `[C]`. */
  readonly offsets: Tensor1D;
  /** `[C, Z]`. */
  readonly means: Tensor2D;
  /** Inverse variances, `[C, Z]`. */
  readonly precisions: Tensor2D;
}

/** log Σ w_c N(z; m_c, diag(1/precision_c)) in nats, `[n]`, by log-sum-exp over the components. */
export function mixtureLogProb(
  z: Tensor2D,
  { offsets, means, precisions }: MixtureComponents,
): Tensor1D {
  const distances = sum(mul(square(sub(expandDims(z, 1), means)), precisions), 2);
  return logSumExp(add(mul(distances, -0.5), offsets), 1) as Tensor1D;
}
