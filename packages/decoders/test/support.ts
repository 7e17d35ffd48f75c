import type { Mode } from '@elbo/core';
import { key, normal } from '@elbo/random';
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
