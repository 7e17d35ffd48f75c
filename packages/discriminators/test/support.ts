import { mapTree, type Mode, type Params } from '@elbo/core';
import { fold, key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

/** How discriminators are applied in these tests. */
export const mode: Mode = { training: true, key: key(11) };

/** Standard normal numbers from a seed. */
export function noise<R extends tf.Rank>(seed: number, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.tensor(normal(key(seed), tf.util.sizeFromShape(shape)), shape);
}

/** The values of a tensor. */
export function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

/** Parameters that are nowhere zero: each leaf plus small noise of its own. */
export function stirred(params: Params): Params {
  return mapTree(params, (leaf, path) =>
    tf.tidy(() => {
      const noise = tf.tensor(normal(fold(key(77), path), leaf.size), leaf.shape);
      return tf.add(leaf, tf.mul(noise, 0.4));
    }),
  );
}
