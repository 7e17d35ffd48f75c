import type { Mode, Params } from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** Where a step of a flow leads, and log |det ∂to/∂from| of the way forth, `[S · B]`. */
export interface Moved {
  readonly z: Tensor2D;
  readonly logDet: Tensor1D;
}

/** An invertible map of z `[S · B, Z]`, sample-major, one for each of B rows of features. */
export interface Bijection {
  forward(z: Tensor2D): Moved;
  /** The z that `forward` leads here from, with the log determinant of the way forth there. */
  inverse(z: Tensor2D): Moved;
}

/** One step of a flow: its parameters, and the bijection that they make of features. */
export interface FlowStep {
  init(key: Key, features: number): Params;
  /** It holds what depends on the features alone, as own enumerable properties. */
  given(params: Params, mode: Mode, features: Tensor2D): Bijection;
}
