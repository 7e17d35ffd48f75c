// Large samples of a trained model, taken in chunks.
import { setImmediate as macrotask } from 'node:timers/promises';
import { sizeOf } from '@elbo/core';
import { fourPixels } from '@elbo/datasets';
import { toBatch } from '@elbo/training';
import { fold } from '@elbo/random';
import { dispose, tensor2d, tidy } from '@tensorflow/tfjs-core';

const chunk = 20_000;
const { shape, read } = fourPixels();

/** The number of images, and of pixels in each. */
export const pixels = sizeOf(shape);

/** Calls `f(begin, rows)` for consecutive chunks of `count` rows; a signal is heard between them. */
async function inChunks(count, signal, f) {
  for (let begin = 0; begin < count; begin += chunk) {
    // On wasm an await alone never lets a signal in.
    await macrotask();
    signal.throwIfAborted();
    await f(begin, Math.min(chunk, count - begin));
  }
}

/** Writes the values that `compute` makes of a batch of copies of image `x` into `out`, chunk by chunk. */
async function ofImage(x, count, width, { key, signal }, compute) {
  const out = new Float32Array(count * width);
  await inChunks(count, signal, async (begin, rows) => {
    const batch = toBatch(read(new Uint32Array(rows).fill(x)), shape, 'four-pixels');
    try {
      const values = tidy(() => compute(batch, fold(fold(key, x), begin)));
      out.set(await values.data(), begin * width);
      values.dispose();
    } finally {
      dispose(Object.values(batch));
    }
  });
  return out;
}

/** Runs `f` on a batch of `count` rows, the images in turn. */
export async function onCopies(count, f) {
  const rows = Uint32Array.from({ length: count }, (_, i) => i % pixels);
  const batch = toBatch(read(rows), shape, 'four-pixels');
  try {
    return await f(batch);
  } finally {
    dispose(Object.values(batch));
  }
}

/** Draws from q(z|x) for image number `x`, [count, 2] flattened. */
export const drawPosterior = ({ model, params }, x, count, how) =>
  ofImage(x, count, 2, how, (batch, key) => model.encode(params.primal, batch, key));

/** The ELBO of image number `x` as the model's own terms estimate it, at `count` draws. */
export const drawElbo = ({ model, params }, x, count, how) =>
  ofImage(x, count, 1, how, (batch, key) => model.elbo(params, batch, key));

/** The decoder's logits at points [n, 2], flattened: [n, pixels], flattened. */
export async function logitsAt({ model, params }, points, { key, signal }) {
  const out = new Float32Array((points.length / 2) * pixels);
  await inChunks(points.length / 2, signal, async (begin, rows) => {
    const logits = tidy(() => {
      const z = tensor2d(points.slice(2 * begin, 2 * (begin + rows)), [rows, 2]);
      return model.decoder.likelihood(params.primal.decoder, { training: false, key }, z).logits;
    });
    out.set(await logits.data(), begin * pixels);
    logits.dispose();
  });
  return out;
}
