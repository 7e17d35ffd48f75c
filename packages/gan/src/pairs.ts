import { sizeOf, type Shape } from '@elbo/core';
import { concat, reshape, slice, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/** Pairs (x, z) as points of one space, so that a game's penalties can go between two of them. */
export interface Pairs {
  /** x `[B, …]` and z `[B, Z]` as `[B, n + Z]`. */
  join(x: Tensor, z: Tensor2D): Tensor2D;
  split(joint: Tensor): readonly [Tensor, Tensor2D];
}

/** Pairs of data of shape `x` with latents of dimension `latent`. */
export function pairsOf(x: Shape, latent: number): Pairs {
  const size = sizeOf(x);
  return {
    join: (data, z) => concat([reshape(data, [-1, size]), z], 1),
    split: (joint) => [
      reshape(slice(joint as Tensor2D, [0, 0], [-1, size]), [-1, ...x]),
      slice(joint as Tensor2D, [0, size], [-1, latent]),
    ],
  };
}
