import { macrotask } from '@elbo/core';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { add, sub, tidy, tile, type Tensor } from '@tensorflow/tfjs-core';
import { usualChunk } from '../at_once.js';
import { proposalMaker, type ProposalChoice } from '../proposals/choice.js';
import type { NormalProposalOptions } from '../proposals/normal.js';
import type { Proposal } from '../proposals/proposal.js';
import { expectCount } from '../estimable.js';
import { fittedLikelihood } from '../fitted/fitted_likelihood.js';
import type { Likelihood } from './likelihood.js';
import { LogSum } from './log_sum.js';
import { sliceRows } from './slice_rows.js';

/** How `logLikelihood` estimates. */
export interface LikelihoodOptions extends NormalProposalOptions {
  readonly key: Key;
  /** Importance samples for each row; 4000 by default. */
  readonly samples?: number;
  /**
   * Where they come from: by default what is `fitted` to each row, at the cost of some thousand samples more. With the model's own
   * `posterior` it is the bound of Burda et al. 2015 (eq. 8), which falls short where the posterior is narrow.
   */
  readonly proposal?: 'fitted' | ProposalChoice;
  /** How many z are decoded at once: bounds the memory; 2000 by default, and fewer of large rows. */
  readonly chunk?: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Aborts between chunks. */
  readonly signal?: AbortSignal;
}

/** Samples of a row, where nothing else is asked for. */
export const usualSamples = 4000;

/**
 * Importance-sampled log p(x) of each row of `x`: log 1/S Σ p(x, z_s)/r(z_s|x) over draws of a proposal r, whose mean is p(x)
 * whatever r is; weights are summed in float64 on the host. By default r is fitted to each row (`fittedLikelihood`).
 *
 * @throws ConfigError for samples that are none; DataError for densities that are NaN or ∞.
 */
export async function logLikelihood(
  model: Model,
  params: Primal,
  batch: Batch,
  options: LikelihoodOptions,
): Promise<Likelihood> {
  const { proposal = 'fitted', samples = usualSamples } = options;
  const { chunk = usualChunk(batch, 2000) } = options;
  expectCount('logLikelihood', 'samples', samples, 1);
  if (proposal !== 'fitted')
    return proposedLikelihood(model, params, batch, { ...options, proposal, samples, chunk });
  const { key, onProgress, signal } = options;
  return fittedLikelihood(model, params, batch, { key, samples, chunk, onProgress, signal });
}

/** The same with a proposal of which all rows of a chunk are drawn at once. */
async function proposedLikelihood(
  model: Model,
  params: Primal,
  batch: Batch,
  options: LikelihoodOptions & {
    readonly proposal: ProposalChoice;
    readonly samples: number;
    readonly chunk: number;
  },
): Promise<Likelihood> {
  const { key, samples, chunk, onProgress, signal } = options;
  const total = batch.x.shape[0];
  const makeProposal = proposalMaker(model, options);
  const rowsAtOnce = Math.max(1, Math.min(total, Math.floor(chunk / 100)));
  const logLikelihood = new Float64Array(total);
  const effectiveSampleSize = new Float64Array(total);

  for (let begin = 0; begin < total; begin += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, total - begin);
    const part = sliceRows(batch, begin, rows);
    const blockKey = fold(key, begin);
    let proposal: Proposal | undefined;
    try {
      proposal = await makeProposal(model, params, part, blockKey);
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

/** log p(x|z) + log p(z) − log r(z|x), sample-major `[samples · B]`. */
function logWeights(
  model: Model,
  params: Primal,
  batch: Batch,
  proposal: Proposal,
  key: Key,
  samples: number,
): Tensor {
  const z = proposal.sample(key, samples);
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
  return sub(joint, proposal.logProb(z));
}
