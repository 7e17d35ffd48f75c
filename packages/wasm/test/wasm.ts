// The WebAssembly backend with this package's kernels, as every test of it needs it.
import '@elbo/gradients';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { accelerate } from '../src/index.js';

/** Starts the backend on one thread and accelerates it. */
export async function accelerated(): Promise<void> {
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await accelerate();
}

/** Fills what the allocator hands out next with NaN, so that a kernel that reads what it never wrote shows it. */
export function poisonHeap(floats: number = 1 << 18): void {
  const sizes = [floats, ...Array.from({ length: 64 }, (_, i) => 1 + i * i)];
  tf.dispose(sizes.map((size) => tf.fill([size], NaN)));
}

/** Numbers in (−1, 1) by a fixed rule. */
export function waves(shape: number[], phase = 0): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase + 0.3)),
    shape,
  );
}
