import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, uniform, type Key } from '@elbo/random';
import { usualChunk } from '../at_once.js';
import { expectCount } from '../estimable.js';
import { fittedDraws } from './fitted_draws.js';
import { logWeightsOf } from './weighing.js';

/** How the posterior is sampled. */
export interface PosteriorSamplesOptions {
  readonly key: Key;
  /** Draws of z for each row; 200 by default. */
  readonly draws?: number;
  /** Importance samples that they are chosen from; 2000 by default. */
  readonly samples?: number;
  /** How many z are decoded at once: bounds the memory; 2000 by default, and fewer of large rows. */
  readonly chunk?: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Aborts between chunks. */
  readonly signal?: AbortSignal;
}

/** Draws of the posterior of each row. */
export interface PosteriorSamples {
  /** `[N, draws, Z]`, flat. */
  readonly z: Float32Array;
  /** (Σ w)² / Σ w² of the importance samples that they were chosen from, `[N]`. */
  readonly effectiveSampleSize: Float64Array;
}

/**
 * Draws of p(z|x) itself, the model's true posterior, whatever its encoder is: importance samples of a proposal that is fitted
 * to each row, chosen in proportion to their weights by systematic resampling (Kitagawa 1996). The draws are as good as the
 * effective sample size is large beside their number.
 *
 * @throws ConfigError for numbers that are none; DataError for densities that are NaN or ∞.
 */
export async function posteriorSamples(
  model: Model,
  params: Primal,
  batch: Batch,
  options: PosteriorSamplesOptions,
): Promise<PosteriorSamples> {
  const { key, draws = 200, samples = 2000, onProgress, signal } = options;
  const { chunk = usualChunk(batch, 2000) } = options;
  expectCount('posteriorSamples', 'draws', draws, 1);
  expectCount('posteriorSamples', 'samples', samples, 1);
  const rows = batch.x.shape[0];
  const { dim } = model.prior;
  const z = new Float32Array(rows * draws * dim);
  const effectiveSampleSize = new Float64Array(rows);
  const pending = new Map<number, { z: Float32Array; weights: Float64Array; done: number }>();
  const fitting = { key, samples, chunk, onProgress, signal };
  await fittedDraws(model, params, batch, fitting, (row, drawn) => {
    const own = pending.get(row) ?? {
      z: new Float32Array(samples * dim),
      weights: new Float64Array(samples),
      done: 0,
    };
    const weights = logWeightsOf(drawn);
    own.z.set(drawn.z, own.done * dim);
    own.weights.set(weights, own.done);
    own.done += weights.length;
    pending.set(row, own);
    if (own.done < samples) return;
    pending.delete(row);
    const shares = sharesOf(own.weights);
    effectiveSampleSize[row] = 1 / shares.reduce((sum, share) => sum + share ** 2, 0);
    const [offset = 0] = uniform(fold(fold(key, 'resampling'), row), 1);
    resampled(shares, draws, offset).forEach((chosen, i) => {
      const from = chosen * dim;
      z.set(own.z.subarray(from, from + dim), (row * draws + i) * dim);
    });
  });
  return { z, effectiveSampleSize };
}

/** Weights that add up to 1, of their logarithms. */
function sharesOf(logWeights: Float64Array): Float64Array {
  const largest = logWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logWeights.map((log) => Math.exp(log - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** The numbers of those whose shares the points (i + offset) / count fall into. */
function resampled(shares: Float64Array, count: number, offset: number): Uint32Array {
  const chosen = new Uint32Array(count);
  let [at, upTo] = [0, shares[0]!];
  for (let i = 0; i < count; i++) {
    while ((i + offset) / count >= upTo && at < shares.length - 1) upTo += shares[++at]!;
    chosen[i] = at;
  }
  return chosen;
}
