import { macrotask, repeatBatch, sizeOf } from '@elbo/core';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold } from '@elbo/random';
import {
  concat,
  dispose,
  reshape,
  tensor3d,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { usualChunk } from '../at_once.js';
import { posteriorSamples, type PosteriorSamplesOptions } from '../fitted/posterior_samples.js';
import { sliceRows } from '../likelihood/slice_rows.js';

/** What rows are like, by what is seen of them. */
export interface Imputed {
  /** E[x | what is seen], `[N, …]`, flat: of a category the probability of each value. */
  readonly mean: Float32Array;
  /** Draws of x given what is seen, `[N, draws, …]`, flat. */
  readonly draws: Float32Array;
  /** That of the importance samples of z, `[N]`: a row with few has poor estimates. */
  readonly effectiveSampleSize: Float64Array;
}

/**
 * Draws and means of whole rows given what is seen of them, ∫ p(x|z) p(z|seen) dz, with draws of the true posterior
 * (`posteriorSamples`): single and multiple imputation as in Mattei & Frellsen 2019 ("MIWAE", eqs. 8 and 10), with a better
 * proposal than the encoder's. Of a table's rows the places that are seen are drawn again too: keep those that are there.
 *
 * @throws as `posteriorSamples`.
 */
export async function impute(
  model: Model,
  params: Primal,
  batch: Batch,
  options: PosteriorSamplesOptions,
): Promise<Imputed> {
  const { draws = 200, chunk = usualChunk(batch, 2000), key } = options;
  const { z, effectiveSampleSize } = await posteriorSamples(model, params, batch, options);
  const [rows, ...shape] = batch.x.shape;
  const [width, dim] = [sizeOf(shape), model.prior.dim];
  const found = {
    mean: new Float32Array(rows * width),
    draws: new Float32Array(rows * draws * width),
    effectiveSampleSize,
  };
  const atOnce = Math.max(1, Math.floor(chunk / draws));
  for (let first = 0; first < rows; first += atOnce) {
    options.signal?.throwIfAborted();
    const count = Math.min(atOnce, rows - first);
    const part = sliceRows(batch, first, count);
    const made = tidy(() => {
      const own = tensor3d(z.subarray(first * draws * dim, (first + count) * draws * dim), [
        count,
        draws,
        dim,
      ]);
      const flat: Tensor2D = reshape(own, [count * draws, dim]);
      const condition = part.condition && eachRepeated(part.condition, draws);
      const mode = { training: false, key: fold(key, 'decoding') };
      const p = model.decoder.likelihood(params.decoder, mode, flat, condition);
      const noise = fold(fold(key, 'imputation'), first);
      return concat([flatRows(p.mean(), width), flatRows(p.sample(noise), width)], 1);
    });
    dispose(Object.values(part));
    await macrotask();
    const values = await made.data<'float32'>();
    made.dispose();
    for (let row = 0; row < count; row++)
      for (let draw = 0; draw < draws; draw++) {
        const from = (row * draws + draw) * 2 * width;
        const to = (first + row) * width;
        for (let i = 0; i < width; i++) found.mean[to + i]! += values[from + i]! / draws;
        found.draws.set(
          values.subarray(from + width, from + 2 * width),
          ((first + row) * draws + draw) * width,
        );
      }
  }
  return found;
}

const flatRows = (x: Tensor, width: number): Tensor2D => reshape(x, [-1, width]);

/** Each row of `[N, C]` so many times, `[N · times, C]`, row-major. */
function eachRepeated(x: Tensor2D, times: number): Tensor2D {
  const [rows, width] = x.shape;
  const flat = repeatBatch(reshape(x, [1, rows * width]), times);
  return reshape(transpose(reshape(flat, [times, rows, width]), [1, 0, 2]), [rows * times, width]);
}
