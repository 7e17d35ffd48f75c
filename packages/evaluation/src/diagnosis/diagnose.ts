import { elboOf, type Batch, type Model, type ModelParams } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { expectCount } from '../estimable.js';
import { estimateOf } from '../estimate.js';
import { estimateLikelihood } from '../likelihood/importance.js';
import { adversarialDivergence } from './adversarial.js';
import { boundsOfCopies, overCopies } from './bounds_of_copies.js';
import { entropyOfRows } from './entropy.js';
import { byBounds, byEntropy, byFreshDiscriminators, byLikelihood } from './evidence.js';
import { judgeByFreshDraws, type Drawing } from './fresh_draws.js';
import { rowsOf } from './mean_over_rows.js';
import type { Measured } from './measured.js';
import { refit, type RefitOptions } from './refit.js';
import { reliabilityOf } from './reliability.js';
import { judgement, type Judgement } from './verdict.js';
import { weigh } from './weigh.js';

/** How an ELBO is diagnosed. */
export interface DiagnoseOptions {
  readonly key: Key;
  /** Draws of z whose ELBOs are averaged for each row, unless discriminators are fitted afresh and judged at draws of their own; 10 by default. */
  readonly draws?: number;
  /** Importance samples for each row; 2000 by default. */
  readonly samples?: number;
  /**
   * Rows of the set that these are of: where these are all of them, rows are no sample. Without end by default, so that the
   * error of sampling rows is allowed for.
   */
  readonly setSize?: number;
  /** What an error of the ELBO matters from, in nats; by default 1 % of the divergence from the prior, and .01 at least. */
  readonly tolerance?: number;
  /**
   * Fits discriminators afresh, which takes as long as some thousand steps of training: then the ELBO is known without
   * the one that was trained beside the encoder. Not by default.
   */
  readonly refit?: boolean | Omit<RefitOptions, 'key' | 'setSize' | 'onProgress' | 'signal'>;
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** What can be said of an ELBO on held-out rows. */
export interface Diagnosis extends Measured, Judgement {}

/** Shares of the progress where discriminators are fitted too. */
const refitting = 0.8;

/**
 * Diagnoses the ELBO of a model on held-out rows, and the discriminator that estimates it where one does.
 *
 * A discriminator that lags behind the encoder underestimates the KL, and the ELBO it reports can exceed log p(x), as in
 * the AVB paper's own Table 2 (Mescheder et al. 2017). Importance sampling needs no discriminator, so it shows this;
 * discriminators that are fitted to the finished encoder show how far off it is. What was measured is weighed together; the
 * verdict is `unknown` where that does not decide whether the ELBO is within `tolerance` of the true one, as where it rests
 * on too few rows or draws, or leaves room on the impossible side of a bound.
 *
 * @throws ConfigError for draws that are none; DataError when the discriminator's log-odds are NaN.
 */
export async function diagnose(
  model: Model,
  params: ModelParams,
  batch: Batch,
  options: DiagnoseOptions,
): Promise<Diagnosis> {
  const { key, draws = 10, samples = 2000, setSize = Infinity, onProgress, signal } = options;
  expectCount('diagnose', 'draws', draws, 1);
  const rows = batch.x.shape[0];
  const term = adversarialDivergence(model);
  const fitting = term !== undefined && options.refit ? refitting : 0;
  const likelihood = await estimateLikelihood(model, params.primal, batch, {
    key: fold(key, 'likelihood'),
    samples,
    onProgress: (share) => onProgress?.((1 - fitting) * share),
    ...(signal && { signal }),
  });
  const afresh =
    term && options.refit
      ? await refit(model, term, params, batch, {
          ...(typeof options.refit === 'object' && options.refit),
          key: fold(key, 'refit'),
          setSize,
          onProgress: (share) => onProgress?.(1 - fitting + fitting * share),
          signal,
        })
      : undefined;
  const bounds =
    term && options.refit
      ? await boundsOfCopies(model, params.primal, batch, {
          key: fold(key, 'bounds'),
          reported: (forward) => elboOf(model, forward, params.dual),
          ...(signal && { signal }),
        })
      : undefined;
  const drawing = { key, draws, signal };
  const trained =
    term &&
    (afresh?.trained ??
      (
        await judgeByFreshDraws(model, term, params, batch, [[params.dual[term.name]!]], drawing)
      )[0]!);
  const values = trained
    ? trained.base.map((base, i) => base - trained.logits.posterior[i]!)
    : await drawn(model, params, batch, drawing);
  const { means: elbos, variances } = rowsOf(values, rows);
  const reported = { means: elbos, variances, rows, setSize };
  const entropy = rows >= setSize ? await entropyOfRows(model, params.primal, batch) : undefined;
  const {
    tolerance = toleranceOf(afresh?.found.divergence ?? (trained && meanOf(trained.divergence))),
  } = options;
  const found: Measured = {
    tolerance,
    elbo: estimateOf(elbos).mean,
    logLikelihood: likelihood.mean,
    excess: estimateOf(elbos.map((elbo, row) => elbo - likelihood.logLikelihood[row]!)),
    bias: likelihood.bias,
    effectiveSampleSize: likelihood.medianEffectiveSampleSize,
    reliability: trained && reliabilityOf(trained.logits.posterior, trained.logits.contrast),
    refit: afresh?.found,
    bounds: bounds && overCopies(bounds, rows),
    ...weigh(
      [
        ...(afresh ? [byFreshDiscriminators(afresh.found, reported)] : []),
        byLikelihood(likelihood, samples, reported),
        ...(bounds ? [byBounds(bounds, reported)] : []),
        ...(entropy === undefined ? [] : [byEntropy(entropy, reported)]),
      ],
      tolerance,
    ),
  };
  return { ...found, ...judgement(found) };
}

/** 1 % of a divergence; .01 at least, and where there is none. */
function toleranceOf(divergence = 0): number {
  return Math.max(0.01, 0.01 * divergence);
}

const meanOf = (values: Float64Array): number => estimateOf(values).mean;

/** Each row's own ELBO at each draw, row by row. */
async function drawn(
  model: Model,
  params: ModelParams,
  batch: Batch,
  { key, draws }: Drawing,
): Promise<Float64Array> {
  const rows = batch.x.shape[0];
  const elbos = new Float64Array(rows * draws);
  for (let i = 0; i < draws; i++) {
    const estimate = model.elbo(params, batch, fold(key, i));
    elbos.set(await estimate.data<'float32'>(), i * rows);
    estimate.dispose();
  }
  return elbos;
}
