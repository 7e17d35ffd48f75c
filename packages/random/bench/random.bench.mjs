import { performance } from 'node:perf_hooks';
import {
  bernoulli,
  bits,
  categorical,
  integers,
  key,
  normal,
  permutation,
  uniform,
} from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { median } from '@elbo/testing/median';

export const name = 'random';

/** Warmed up on a batch of 128 images of 28 × 28, as a program's first draw may be that long. */
const BATCH = 128 * 784;
const WARM_UP = 15;

/** Timed on draws far shorter than a scheduler's time slice, which other programs seldom cut. */
const N = 8192;
const ROUNDS = 400;

const seed = key(7);
const logits = Float32Array.from({ length: 10 }, (_, k) => k / 5);

/** For each sampler, a function that draws n; memory is made before unless the name says otherwise. */
const samplers = (n) => {
  const floats = new Float32Array(n);
  const words = new Uint32Array(n);
  const classes = new Int32Array(n);
  return {
    'tf.randomNormal': () => tf.randomNormal([n], 0, 1, 'float32', 7).dispose(),
    bits: () => bits(seed, n, words),
    uniform: () => uniform(seed, n, floats),
    'uniform, new array': () => uniform(seed, n),
    normal: () => normal(seed, n, floats),
    'normal, new array': () => normal(seed, n),
    bernoulli: () => bernoulli(seed, 0.3, n, floats),
    'categorical, 10 classes': () => categorical(seed, logits, n, classes),
    integers: () => integers(seed, n, 60_000, words),
    permutation: () => permutation(seed, n, words),
  };
};

/** Samplers take turns, so that a busy machine slows all of them alike; each has its median. */
export async function run() {
  await tf.setBackend('cpu');
  const batch = Object.values(samplers(BATCH));
  for (let round = 0; round < WARM_UP; round++) for (const draw of batch) draw();

  const timed = Object.entries(samplers(N)).map(([sampler, draw]) => ({
    sampler,
    draw,
    times: [],
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { draw, times } of timed) {
      const start = performance.now();
      draw();
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
