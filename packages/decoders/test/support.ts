import type { Mode } from '@elbo/core';
import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

/** How decoders are applied in these tests. */
export const mode: Mode = { training: true, key: key(11) };

/** Standard normal numbers from a seed. */
export function noise<R extends tf.Rank>(seed: number, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.tensor(normal(key(seed), tf.util.sizeFromShape(shape)), shape);
}

/** The values of a tensor. */
export function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

/** The sum of some numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
