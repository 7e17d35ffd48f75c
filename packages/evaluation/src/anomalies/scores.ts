import { CompositionError, macrotask } from '@elbo/core';
import { hasElbo, type Batch, type Model, type ModelParams } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { neg, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { expectCount } from '../estimable.js';
import { proposalMaker } from '../proposals/choice.js';
import { estimateOf } from '../estimate.js';
import { logLikelihood } from '../likelihood/log_likelihood.js';

/** How rows are scored. */
export interface AnomalyScoreOptions {
  readonly key: Key;
  /** Draws of z over which the first two are averaged; 5 by default. */
  readonly draws?: number;
  /** Importance samples for each row; 100 by default. */
  readonly samples?: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Scores of rows, `[N]` each, in nats: higher is stranger. */
export interface AnomalyScores {
  /** −E log p(x|z) at draws of q(z|x): how badly a row comes back. */
  readonly reconstruction: Float64Array;
  /** −ELBO, of a model that has one. */
  readonly elbo?: Float64Array;
  /** −log p(x) by importance sampling. */
  readonly likelihood: Float64Array;
}

/**
 * Scores rows by how strange a model finds them. None of them is right in general: the likelihood of a simple image may
 * exceed that of any the model was trained on (Nalisnick et al. 2019); see `typicality` and `withoutComplexity`.
 *
 * @throws CompositionError for a model without an encoder; ConfigError for draws that are none.
 */
export async function anomalyScores(
  model: Model,
  params: ModelParams,
  batch: Batch,
  { key, draws = 5, samples = 100, onProgress, signal }: AnomalyScoreOptions,
): Promise<AnomalyScores> {
  if (!model.encoder)
    throw new CompositionError(
      'anomalyScores: needs a model with an encoder, to find the z of a row.',
    );
  expectCount('anomalyScores', 'draws', draws, 1);
  const reconstruction = await averaged(draws, batch, key, (drawKey) => {
    const forward = model.forward(params.primal, batch, { step: 0, key: drawKey, training: false });
    try {
      return tidy(() => neg(forward.pass.likelihood.logProb(forward.pass.x)).clone());
    } finally {
      forward.dispose();
    }
  });
  const elbo =
    hasElbo(model) &&
    (await averaged(draws, batch, key, (drawKey) => model.score(params, batch, drawKey)));
  const { logLikelihood: found } = await logLikelihood(model, params.primal, batch, {
    key: fold(key, 'likelihood'),
    samples,
    // Of thousands of rows: what is fitted to each takes a hundred times as long.
    proposal: proposalMaker(model, {}),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  return { reconstruction, ...(elbo && { elbo }), likelihood: found.map((value) => -value) };
}

async function averaged(
  draws: number,
  { x }: Batch,
  key: Key,
  score: (key: Key) => Tensor,
): Promise<Float64Array> {
  const sums = new Float64Array(x.shape[0]);
  for (let i = 0; i < draws; i++) {
    const scores = score(fold(key, i));
    (await scores.data<'float32'>()).forEach((value, row) => (sums[row]! += value / draws));
    scores.dispose();
    await macrotask();
  }
  return sums;
}

/**
 * How far a score is from what normal rows get on the average, on either side: rows that are too likely are strange too
 * (the typicality test of Nalisnick et al. 2019, [arXiv:1906.02994](https://arxiv.org/abs/1906.02994), of single rows).
 *
 * @param normal Scores of normal rows that the model was not trained on.
 * @throws DataError when there are none.
 */
export function typicality(normal: ArrayLike<number>, scores: Float64Array): Float64Array {
  const { mean } = estimateOf(normal);
  return scores.map((score) => Math.abs(score - mean));
}

/**
 * −log p(x) less the row's own complexity, the nats that a general compressor takes for it (Serrà et al. 2020,
 * [arXiv:1909.11480](https://arxiv.org/abs/1909.11480)): simple rows are likely under any model.
 */
export function withoutComplexity(likelihood: Float64Array, nats: ArrayLike<number>): Float64Array {
  return likelihood.map((score, row) => score - nats[row]!);
}
