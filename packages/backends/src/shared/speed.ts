import { gradientsOf } from '@elbo/gradients';
import { steps, type Steps } from '@elbo/ops';
import * as tf from '@tensorflow/tfjs-core';

// A small autoencoder on a usual minibatch: large enough that a launch does not cost more than what it computes.
const batch = 128;
const inputs = 784;
const hidden = 128;

/** What one backend may take in all, in milliseconds, and how often it is timed at most. */
const budget = 300;
const rounds = 7;

/** A step of training: two dense layers, their gradients, and the move of their weights. */
function step(): tf.Tensor[] {
  return tf.tidy(() => {
    const x = tf.fill([batch, inputs], 0.5);
    const weights = { down: tf.fill([inputs, hidden], 0.01), up: tf.fill([hidden, inputs], 0.01) };
    const loss = (): tf.Scalar => {
      const output = tf.matMul(tf.tanh(tf.matMul(x, weights.down)), weights.up);
      return tf.mean(tf.square(tf.sub(output, x)));
    };
    const { gradients } = gradientsOf(() => ({ loss: loss() }), { loss: weights }).loss;
    return Object.entries(weights).map(([name, value]) =>
      tf.sub(value, tf.mul((gradients as Record<string, tf.Tensor>)[name]!, 0.001)),
    );
  });
}

/** Runs a step as a training runs its own, and reads back what it moved. */
async function take(runner: Steps): Promise<void> {
  const moved = await runner.run(() => Promise.resolve(step()));
  try {
    for (const weights of moved) await weights.data();
  } finally {
    tf.dispose(moved);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/**
 * Median milliseconds of a small training step on each backend, all of them started, by their names in TensorFlow.js.
 *
 * The backends take turns, so that whatever else the machine does slows all of them alike; a slow one has fewer.
 */
export async function stepTimes(
  engineNames: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const times = new Map(engineNames.map((name) => [name, [] as number[]]));
  const spent = new Map(engineNames.map((name) => [name, 0]));
  const runners = new Map<string, Steps>();
  for (let round = -1; round < rounds; round++) {
    for (const name of engineNames) {
      if (spent.get(name)! > budget && times.get(name)!.length > 0) continue;
      await tf.setBackend(name);
      const runner = runners.get(name) ?? steps();
      runners.set(name, runner);
      const start = performance.now();
      await take(runner);
      const taken = performance.now() - start;
      spent.set(name, spent.get(name)! + taken);
      // The first round compiles and warms caches.
      if (round >= 0) times.get(name)!.push(taken);
    }
  }
  for (const runner of runners.values()) runner.dispose();
  return new Map(engineNames.map((name) => [name, median(times.get(name)!)]));
}
