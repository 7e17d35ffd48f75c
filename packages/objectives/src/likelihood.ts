import { macrotask } from '@elbo/core';
import { fold, type Key } from '@elbo/random';
import { add, slice, sub, tidy, tile, type Tensor } from '@tensorflow/tfjs-core';
import type { Model } from './model.js';
import type { Batch, Primal } from './open_pass.js';
import {
  normalProposal,
  posteriorProposal,
  type NormalProposalOptions,
  type Proposal,
} from './proposals.js';

/** How `logLikelihood` estimates. */
export interface LikelihoodOptions extends NormalProposalOptions {
  readonly key: Key;
  /** Importance samples for each row. */
  readonly samples?: number;
  /**
   * Where they come from: `posterior`, the model's own explicit one; `normal`, a widened normal with the posterior's
   * moments. By default the first where the posterior has a density, else the second.
   */
  readonly proposal?: 'posterior' | 'normal';
  /** How many z are decoded at once: bounds the memory. */
  readonly chunk?: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Aborts between chunks. */
  readonly signal?: AbortSignal;
}

/** Estimates of log p(x), a row each. */
export interface Likelihood {
  /** log 1/S Σ p(x, z_s)/r(z_s) in nats: in expectation a lower bound on log p(x). */
  readonly logLikelihood: Float64Array;
  /** (Σ w)² / Σ w², of the S samples: an estimate with a handful is far below the truth. */
  readonly effectiveSampleSize: Float64Array;
}

/**
 * Importance-sampled log p(x) of each row of `x` (Burda et al. 2015, eq. 8, at large S); weights are summed in float64
 * on the host.
 */
export async function logLikelihood(
  model: Model,
  params: Primal,
  batch: Batch,
  options: LikelihoodOptions,
): Promise<Likelihood> {
  const { key, samples = 5000, chunk = 4000, onProgress, signal } = options;
  const total = batch.x.shape[0];
  const kind =
    options.proposal ?? (model.encoder?.offers.includes('logProb') ? 'posterior' : 'normal');
  const rowsAtOnce = Math.max(1, Math.min(total, Math.floor(chunk / 100)));
  const logLikelihood = new Float64Array(total);
  const effectiveSampleSize = new Float64Array(total);

  for (let begin = 0; begin < total; begin += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, total - begin);
    const part = sliceRows(batch, begin, rows);
    const blockKey = fold(key, begin);
    let proposal: Proposal | undefined;
    try {
      proposal = await (kind === 'posterior'
        ? posteriorProposal(model, params, part, blockKey)
        : normalProposal(model, params, part, blockKey, options));
      const sums = Array.from({ length: rows }, () => new LogSum());
      const each = Math.max(1, Math.floor(chunk / rows));
      for (let done = 0; done < samples; done += each) {
        signal?.throwIfAborted();
        const count = Math.min(each, samples - done);
        const drawKey = fold(fold(blockKey, 'importance'), done);
        const from = proposal;
        const weights = tidy(() => logWeights(model, params, part, from, drawKey, count));
        await macrotask();
        const values = await weights.data<'float32'>();
        weights.dispose();
        for (let i = 0; i < values.length; i++) sums[i % rows]!.add(values[i]!);
        onProgress?.((begin + rows * Math.min(1, (done + count) / samples)) / total);
      }
      sums.forEach((sum, i) => {
        logLikelihood[begin + i] = sum.logMean(samples);
        effectiveSampleSize[begin + i] = sum.effectiveSize();
      });
    } finally {
      proposal?.dispose();
      for (const tensor of Object.values(part) as (Tensor | undefined)[]) tensor?.dispose();
    }
  }
  return { logLikelihood, effectiveSampleSize };
}

function sliceRows(batch: Batch, begin: number, rows: number): Batch {
  const cut = <T extends Tensor>(t: T): T =>
    slice(t, [begin, ...t.shape.slice(1).map(() => 0)], [rows, ...t.shape.slice(1)]);
  return {
    x: cut(batch.x),
    ...(batch.condition && { condition: cut(batch.condition) }),
    ...(batch.label && { label: cut(batch.label) }),
  };
}

/** log p(x|z) + log p(z) − log r(z|x), sample-major `[samples · B]`. */
function logWeights(
  model: Model,
  params: Primal,
  batch: Batch,
  proposal: Proposal,
  key: Key,
  samples: number,
): Tensor {
  const { z, logDensity } = proposal.draw(key, samples);
  const repeat = <T extends Tensor>(t: T): T =>
    tile(t, [samples, ...t.shape.slice(1).map(() => 1)]);
  const condition = batch.condition && repeat(batch.condition);
  const likelihood = model.decoder.likelihood(
    params.decoder,
    { training: false, key },
    z,
    condition,
  );
  const joint = add(likelihood.logProb(repeat(batch.x)), model.priorOf(params).logProb(z));
  return sub(joint, logDensity);
}

/** Σ exp(w) and Σ exp(2w), streamed in float64 relative to the largest w so far. */
class LogSum {
  private largest = -Infinity;
  private sum = 0;
  private squares = 0;

  add(logWeight: number): void {
    // z outside the prior's support: a weight of 0, of which −∞ − −∞ would make NaN.
    if (logWeight === -Infinity) return;
    if (logWeight > this.largest) {
      const rescale = Math.exp(this.largest - logWeight);
      this.sum *= rescale;
      this.squares *= rescale * rescale;
      this.largest = logWeight;
    }
    const w = Math.exp(logWeight - this.largest);
    this.sum += w;
    this.squares += w * w;
  }

  logMean(count: number): number {
    return this.largest + Math.log(this.sum / count);
  }

  effectiveSize(): number {
    return (this.sum * this.sum) / this.squares;
  }
}
