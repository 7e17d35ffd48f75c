import { gradientsOf } from '@elbo/gradients';
import { accelerate } from '@elbo/wasm';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { median } from '@elbo/testing/median';

export const name = 'embedding';

const [words, width, length] = [10_000, 128, 16_384];

/** Milliseconds of a look-up of 16,384 rows in a table [10,000, 128] and of its gradient. */
async function timed(repeats) {
  const table = tf.ones([words, width]);
  const ids = tf.tensor1d(
    Int32Array.from({ length }, (_, i) => (i * 7919) % words),
    'int32',
  );
  const weights = tf.ones([length, width]);
  const times = [];
  for (let i = -1; i < repeats; i++) {
    const start = performance.now();
    tf.tidy(() => {
      const loss = () => tf.sum(tf.mul(weights, tf.gather(table, ids)));
      gradientsOf(() => ({ embedding: loss() }), { embedding: { table } });
    });
    if (i >= 0) times.push(performance.now() - start);
  }
  tf.dispose([table, ids, weights]);
  return median(times);
}

/** The gradient of an embedding on stock kernels, then on ours: there is no way back from `accelerate()`. */
export async function run() {
  setThreadsCount(1);
  await tf.setBackend('wasm');
  const stock = await timed(5);
  await accelerate();
  const ours = await timed(15);
  return {
    rows: [
      { name: 'stock kernels, by scattering where a kernel is missing', ms: stock, ratio: 1 },
      { name: '@elbo/wasm', ms: ours, ratio: stock / ours },
    ],
  };
}
