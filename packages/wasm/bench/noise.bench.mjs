import { performance } from 'node:perf_hooks';
import '@elbo/gradients';
import { randomBernoulli, randomNormal, randomUniform } from '@elbo/ops';
import { bernoulli, key, normal, uniform } from '@elbo/random';
import { accelerate } from '@elbo/wasm';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { median } from '@elbo/testing/median';

export const name = 'wasm-noise';

/** A batch of 128 images of 28 × 28. */
const N = 128 * 784;
const ROUNDS = 60;

const seed = key(7);
const floats = new Float32Array(N);

/** Each sampler on the host and as a kernel, and the library's own. */
const samplers = {
  'tf.randomNormal': () => tf.randomNormal([N], 0, 1, 'float32', 7),
  'normal, host': () => void normal(seed, N, floats),
  'normal, kernel': () => randomNormal(seed, [N]),
  'uniform, host': () => void uniform(seed, N, floats),
  'uniform, kernel': () => randomUniform(seed, [N]),
  'bernoulli, host': () => void bernoulli(seed, 0.3, N, floats),
  'bernoulli, kernel': () => randomBernoulli(seed, 0.3, [N]),
};

/** Samplers take turns, so that a busy machine slows all of them alike; each has its median. */
export async function run() {
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await accelerate();
  const timed = Object.entries(samplers).map(([sampler, draw]) => ({ sampler, draw, times: [] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { draw, times } of timed) {
      const start = performance.now();
      draw()?.dispose();
      times.push(((performance.now() - start) * 1e6) / N);
    }
  }
  const reference = median(timed[0].times);
  const rows = timed.map(({ sampler, times }) => {
    const nsPerElement = median(times);
    return { name: sampler, nsPerElement, ratioToTfRandomNormal: nsPerElement / reference };
  });
  return { rows };
}
