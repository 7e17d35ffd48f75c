// Large samples of a trained model, taken in chunks.
import { setImmediate as macrotask } from 'node:timers/promises';
import { sizeOf, type Bernoulli } from '@elbo/core';
import { fourPixels } from '@elbo/datasets';
import type { Batch } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { onRows, rowNumbers } from '../../common/rows.js';
import type { Trained } from '../../runner/trained.js';

/** What samples are drawn with. */
export interface Noise {
  readonly key: Key;
  readonly signal: AbortSignal;
}

/** A model with its parameters. */
export type Drawable = Pick<Trained, 'model' | 'params'>;

const chunk = 20_000;
const data = fourPixels();

/** The number of images, and of pixels in each. */
export const pixels: number = sizeOf(data.shape);

/** Calls `f(begin, rows)` for consecutive chunks of `count` rows; a signal is heard between them. */
async function inChunks(
  count: number,
  signal: AbortSignal,
  f: (begin: number, rows: number) => Promise<void>,
): Promise<void> {
  for (let begin = 0; begin < count; begin += chunk) {
    // On wasm an await alone never lets a signal in.
    await macrotask();
    signal.throwIfAborted();
    await f(begin, Math.min(chunk, count - begin));
  }
}

/** Writes the values that `compute` makes of a batch of copies of image `x` into `out`, chunk by chunk. */
async function ofImage(
  x: number,
  count: number,
  width: number,
  { key, signal }: Noise,
  compute: (batch: Batch, key: Key) => Tensor,
): Promise<Float32Array> {
  const out = new Float32Array(count * width);
  await inChunks(count, signal, (begin, rows) =>
    onRows(data, new Uint32Array(rows).fill(x), async (batch) => {
      const values = tidy(() => compute(batch, fold(fold(key, x), begin)));
      out.set(await values.data(), begin * width);
      values.dispose();
    }),
  );
  return out;
}

/** Runs `f` on a batch of the images, each once. */
export const onImages = <T>(f: (batch: Batch) => Promise<T>): Promise<T> =>
  onRows(data, rowNumbers(pixels), f);

/** Draws from q(z|x) for image number `x`, [count, 2] flattened. */
export const drawPosterior = (
  { model, params }: Drawable,
  x: number,
  count: number,
  how: Noise,
): Promise<Float32Array> =>
  ofImage(x, count, 2, how, (batch, key) => model.encode(params.primal, batch, key));

/** The ELBO of image number `x` as the model's own terms estimate it, at `count` draws. */
export const drawElbo = (
  { model, params }: Drawable,
  x: number,
  count: number,
  how: Noise,
): Promise<Float32Array> =>
  ofImage(x, count, 1, how, (batch, key) => model.elbo(params, batch, key));

/** The decoder's logits at points [n, 2], flattened: [n, pixels], flattened. */
export async function logitsAt(
  { model, params }: Drawable,
  points: Float32Array,
  { key, signal }: Noise,
): Promise<Float32Array> {
  const out = new Float32Array((points.length / 2) * pixels);
  await inChunks(points.length / 2, signal, async (begin, rows) => {
    const logits = tidy(() => {
      const z = tensor2d(points.slice(2 * begin, 2 * (begin + rows)), [rows, 2]);
      const mode = { training: false, key };
      return (model.decoder.likelihood(params.primal.decoder, mode, z, undefined) as Bernoulli)
        .logits;
    });
    out.set(await logits.data(), begin * pixels);
    logits.dispose();
  });
  return out;
}
