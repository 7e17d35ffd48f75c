// The dense VAE as a user of TensorFlow.js writes it: its own layers' operations, gradients, optimiser and backend.
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { images } from './images.mjs';
import { measurer } from './measure.mjs';
import { serve } from './serve.mjs';

// A bundle does not know where the backend's files are.
setWasmPaths(process.argv[2]);
setThreadsCount(1);
await tf.setBackend('wasm');

const rows = 1024;
const data = images(rows);
const dense = (inputs, units) => ({
  kernel: tf.variable(tf.randomNormal([inputs, units], 0, 1 / Math.sqrt(inputs))),
  bias: tf.variable(tf.zeros([units])),
});
const apply = (x, { kernel, bias }) => tf.add(tf.matMul(x, kernel), bias);

function denseVae(batch) {
  return async () => {
    const [encoder, mean, logVar] = [dense(784, 400), dense(400, 20), dense(400, 20)];
    const [decoder, logits] = [dense(20, 400), dense(400, 784)];
    const optimiser = tf.train.adam(1e-3);
    const loss = (x) => {
      const h = tf.relu(apply(x, encoder));
      const [mu, lv] = [apply(h, mean), apply(h, logVar)];
      const z = tf.add(mu, tf.mul(tf.exp(tf.mul(0.5, lv)), tf.randomNormal(mu.shape)));
      const l = apply(tf.relu(apply(z, decoder)), logits);
      const rec = tf.sum(tf.sub(tf.softplus(l), tf.mul(x, l)));
      const kl = tf.mul(0.5, tf.sum(tf.sub(tf.add(tf.square(mu), tf.exp(lv)), tf.add(1, lv))));
      return tf.div(tf.add(rec, kl), batch);
    };
    let at = 0;
    return async (n) => {
      for (let i = 0; i < n; i++) {
        at = (at + batch) % rows;
        const x = tf.tensor2d(data.subarray(at * 784, (at + batch) * 784), [batch, 784]);
        const cost = optimiser.minimize(() => loss(x), true);
        await cost.data();
        tf.dispose([x, cost]);
      }
      return n;
    };
  };
}

await serve(
  measurer({
    'vae 784-400-20, batch 128': denseVae(128),
    'vae 784-400-20, batch 512': denseVae(512),
  }),
);
