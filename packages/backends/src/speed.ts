import { gradientsOf } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';

const batch = 64;
const inputs = 256;
const outputs = 64;
const rounds = 9;

/** A product [64, 256] × [256, 64] and its gradient by the weights, read back. */
async function step(): Promise<void> {
  const gradient = tf.tidy(() => {
    const x = tf.fill([batch, inputs], 0.5);
    const weights = tf.fill([inputs, outputs], 0.01);
    const { loss } = gradientsOf(
      () => ({ loss: tf.sum<tf.Scalar>(tf.tanh(tf.matMul(x, weights))) }),
      {
        loss: { weights },
      },
    );
    return loss.gradients.weights as tf.Tensor;
  });
  try {
    await gradient.data();
  } finally {
    gradient.dispose();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/**
 * Median milliseconds of a small training step on each backend, all of them started.
 *
 * The backends take turns, so that whatever else the machine does slows all of them alike.
 */
export async function stepTimes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    for (const name of names) {
      await tf.setBackend(name);
      const start = performance.now();
      await step();
      // The first rounds compile and warm caches.
      if (round >= 0) times.get(name)!.push(performance.now() - start);
    }
  }
  return new Map(names.map((name) => [name, median(times.get(name)!)]));
}
