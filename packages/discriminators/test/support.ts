import { mapTree, type Mode, type Params } from '@elbo/core';
import { fold, key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';

/** The same tests on the cpu and the wasm backend. */
export function onBackends(name: string, tests: () => void): void {
  describe.each(['cpu', 'wasm'])(`${name} (%s)`, (backend) => {
    beforeAll(async () => {
      if (backend === 'wasm') setThreadsCount(1);
      await tf.setBackend(backend);
    });
    tests();
  });
}

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
