import { avoidedKernels, gradientsOf } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { median } from '@elbo/testing/median';

export const name = 'gradients';

const batch = 128;
const sizes = { x: 784, hidden: 400, z: 20 };

/** Numbers in (-1, 1) by a fixed rule: their values do not matter, but must not be zero. */
const filled = (shape, scale) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => scale * Math.sin(1 + i)),
    shape,
  );

const dense = (inputs, outputs) => ({
  kernel: filled([inputs, outputs], 1 / Math.sqrt(inputs)),
  bias: tf.zeros([outputs]),
});

const apply = (x, { kernel, bias }) => tf.add(tf.matMul(x, kernel), bias);

/** The negative ELBO of a Gaussian VAE with one hidden layer each way. */
function loss({ encoder, mean, logVar, decoder, logits }, x, noise) {
  const h = tf.relu(apply(x, encoder));
  const mu = apply(h, mean);
  const lv = apply(h, logVar);
  const z = tf.add(mu, tf.mul(noise, tf.exp(tf.mul(0.5, lv))));
  const l = apply(tf.relu(apply(z, decoder)), logits);
  const reconstruction = tf.sum(tf.sub(tf.softplus(l), tf.mul(x, l)));
  const kl = tf.mul(0.5, tf.sum(tf.sub(tf.add(tf.square(mu), tf.exp(lv)), tf.add(1, lv))));
  return tf.div(tf.add(reconstruction, kl), batch);
}

/** Forward and backward of that VAE on the WebAssembly backend, one thread, in milliseconds. */
export async function run({ repeats = 25 } = {}) {
  setThreadsCount(1);
  await tf.setBackend('wasm');
  const params = {
    encoder: dense(sizes.x, sizes.hidden),
    mean: dense(sizes.hidden, sizes.z),
    logVar: dense(sizes.hidden, sizes.z),
    decoder: dense(sizes.z, sizes.hidden),
    logits: dense(sizes.hidden, sizes.x),
  };
  const x = filled([batch, sizes.x], 0.5);
  const noise = filled([batch, sizes.z], 1);
  const step = () =>
    tf.tidy(() => void gradientsOf(() => ({ vae: loss(params, x, noise) }), { vae: params }));
  const variants = {
    'VAE 784-400-20, batch 128: products of transposed operands': () =>
      avoidedKernels.delete('wasm/BatchMatMul'),
    'VAE 784-400-20, batch 128: operands transposed first': () =>
      avoidedKernels.add('wasm/BatchMatMul'),
  };
  const times = Object.fromEntries(Object.keys(variants).map((key) => [key, []]));
  for (let i = -3; i < repeats; i++) {
    for (const [key, choose] of Object.entries(variants)) {
      choose();
      const start = performance.now();
      step();
      if (i >= 0) times[key].push(performance.now() - start);
    }
  }
  tf.dispose([x, noise, params]);
  const medians = Object.entries(times).map(([key, list]) => [key, median(list)]);
  const [, reference] = medians[0];
  return { rows: medians.map(([key, ms]) => ({ name: key, ms, ratio: reference / ms })) };
}
