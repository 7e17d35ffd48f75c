import type { Key } from '@elbo/random';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** A minibatch on the device. */
export interface Batch {
  /** `[B, …]`. */
  readonly x: Tensor;
  /** `[B, C]`. */
  readonly condition?: Tensor2D | undefined;
  /** `[B]`, −1 where unknown. */
  readonly label?: Tensor1D | undefined;
}

/** When and how a pass is made: at which step, with which noise, for training or not. */
export interface Moment {
  readonly step: number;
  readonly key: Key;
  readonly training: boolean;
}
