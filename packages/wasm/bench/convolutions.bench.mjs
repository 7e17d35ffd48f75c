import { avoidedKernels, gradientsOf } from '@elbo/gradients';
import { accelerate } from '@elbo/wasm';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { median } from '@elbo/testing/median';

export const name = 'convolutions';

const batch = 64;

/** Numbers in (-1, 1) by a fixed rule: their values do not matter, but must not be zero. */
const filled = (shape, scale = 1) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => scale * Math.sin(1 + i)),
    shape,
  );

/** The convolutions of the VAE below; its transposed ones are the input gradients of the same two. */
const layers = {
  '28×28×1 to 14×14×32': { image: [28, 28, 1], filter: [4, 4, 1, 32] },
  '14×14×32 to 7×7×64': { image: [14, 14, 32], filter: [4, 4, 32, 64] },
};
const attrs = { strides: 2, pad: 'same', dataFormat: 'NHWC', dilations: 1 };

/** A kernel of a layer, to be run with the kernels that are registered then. */
function pass(kernelName, { image, filter: filterShape }, images) {
  const x = filled([images, ...image]);
  const filter = filled(filterShape);
  const dy = filled([images, image[0] / 2, image[1] / 2, filterShape[3]]);
  const inputs = {
    Conv2D: { x, filter },
    Conv2DBackpropInput: { dy, filter },
    Conv2DBackpropFilter: { x, dy },
  }[kernelName];
  const all = { ...attrs, inputShape: x.shape, filterShape };
  return {
    run: () => tf.engine().runKernel(kernelName, inputs, all).dispose(),
    dispose: () => tf.dispose([x, filter, dy]),
  };
}

function milliseconds(run) {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** Median times of the variants of a run, which take turns. */
function interleaved(variants, run, repeats) {
  const times = variants.map(() => []);
  for (let i = -3; i < repeats; i++) {
    variants.forEach((choose, at) => {
      choose();
      const time = milliseconds(run);
      if (i >= 0) times[at].push(time);
    });
  }
  return times.map(median);
}

/** Lets the stock kernels and those of @elbo/wasm take turns. */
async function kernelSets() {
  const snapshot = () => ({
    kernels: tf.getKernelsForBackend('wasm'),
    avoided: [...avoidedKernels],
  });
  const stock = snapshot();
  const { kernels: names } = await accelerate();
  const ours = snapshot();
  return [stock, ours].map(({ kernels, avoided }) => () => {
    for (const kernelName of names) {
      if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
      const kernel = kernels.find((candidate) => candidate.kernelName === kernelName);
      if (kernel) tf.registerKernel(kernel);
    }
    avoidedKernels.clear();
    avoided.forEach((key) => avoidedKernels.add(key));
  });
}

/** What a pass would take on the cpu backend, where the stock WebAssembly backend has no kernel: from a few images. */
async function onCpu(kernelName, layer) {
  const images = 4;
  await tf.setBackend('cpu');
  const few = pass(kernelName, layer, images);
  const ms = (milliseconds(few.run) * batch) / images;
  few.dispose();
  await tf.setBackend('wasm');
  return ms;
}

const filters = {
  encoder1: [4, 4, 1, 32],
  encoder2: [4, 4, 32, 64],
  moments: [3136, 40],
  latent: [20, 3136],
  decoder1: [4, 4, 32, 64],
  decoder2: [4, 4, 1, 32],
};

/** The negative ELBO of a Gaussian VAE of two convolutions each way. */
function loss(params, x, noise) {
  const hidden = tf.relu(tf.conv2d(x, params.encoder1, 2, 'same'));
  const last = tf.relu(tf.conv2d(hidden, params.encoder2, 2, 'same'));
  const moments = tf.matMul(tf.reshape(last, [batch, -1]), params.moments);
  const [mean, logVar] = tf.split(moments, 2, 1);
  const z = tf.add(mean, tf.mul(noise, tf.exp(tf.mul(0.5, logVar))));
  const first = tf.reshape(tf.relu(tf.matMul(z, params.latent)), [batch, 7, 7, 64]);
  const middle = tf.relu(
    tf.conv2dTranspose(first, params.decoder1, [batch, 14, 14, 32], 2, 'same'),
  );
  const logits = tf.conv2dTranspose(middle, params.decoder2, x.shape, 2, 'same');
  const reconstruction = tf.sum(tf.sub(tf.softplus(logits), tf.mul(x, logits)));
  const variance = tf.exp(logVar);
  const kl = tf.mul(0.5, tf.sum(tf.sub(tf.add(tf.square(mean), variance), tf.add(1, logVar))));
  return tf.div(tf.add(reconstruction, kl), batch);
}

/**
 * The layers of that VAE, 64 images of 28 × 28 and filters of 4 × 4, stride 2, and its gradients as a whole, by the stock
 * kernels and by those of @elbo/wasm, on one thread, in milliseconds.
 */
export async function run({ repeats = 15 } = {}) {
  setThreadsCount(1);
  await tf.setBackend('wasm');
  const [stock, ours] = await kernelSets();
  const rows = [];
  const row = (label, stockMs, oursMs) =>
    rows.push({ name: label, stock: stockMs, ours: oursMs, ratio: stockMs / oursMs });
  for (const [label, layer] of Object.entries(layers)) {
    for (const kernelName of ['Conv2D', 'Conv2DBackpropInput']) {
      const { run: once, dispose } = pass(kernelName, layer, batch);
      row(`${kernelName}, ${label}`, ...interleaved([stock, ours], once, repeats));
      dispose();
    }
    const kernelName = 'Conv2DBackpropFilter';
    const { run: once, dispose } = pass(kernelName, layer, batch);
    const [ms] = interleaved([ours], once, repeats);
    row(`${kernelName}, ${label} (stock: cpu)`, await onCpu(kernelName, layer), ms);
    dispose();
  }
  const params = Object.fromEntries(
    Object.entries(filters).map(([key, shape]) => [key, filled(shape, 0.05)]),
  );
  const x = filled([batch, 28, 28, 1], 0.5);
  const noise = filled([batch, 20]);
  const step = () =>
    tf.tidy(() => void gradientsOf(() => ({ vae: loss(params, x, noise) }), { vae: params }));
  row('gradients of the VAE', ...interleaved([stock, ours], step, repeats));
  ours();
  tf.dispose([params, x, noise]);
  return { rows };
}
