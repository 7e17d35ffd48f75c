import { disposeTree, type Params } from '@elbo/core';
import type { Batch, Model, ModelParams, Term } from '@elbo/objectives';
import { fold } from '@elbo/random';
import { expectCount } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { judgedBy, type ByDiscriminators } from './by_discriminators.js';
import { contrastNoise } from './contrast_noise.js';
import { fitDiscriminator, type FitOptions } from './fit.js';
import { judgeByFreshDraws, type Judged } from './fresh_draws.js';
import type { Interval } from './interval.js';
import { meanOverRows, rowsOf, type RowsMean } from './mean_over_rows.js';
import { probe, type Probe, type ProbeShape } from './probe.js';
import { reliabilityOf } from './reliability.js';

/** How discriminators are fitted afresh. */
export interface RefitOptions extends FitOptions {
  /** How many, each from a beginning of its own; 3 by default. */
  readonly discriminators?: number | undefined;
  /** Draws of each row that they are then judged at; by default 50, and of fewer than 400 rows 20,000 in all. */
  readonly draws?: number | undefined;
  /** Rows of the set that these are of; without end by default, so that they are a sample of it. */
  readonly setSize?: number | undefined;
}

/** An ELBO by discriminators that were fitted to the posterior as it is, and judged at draws they never saw. In nats. */
export interface Refit {
  /** By the mean of their log-odds; the error is over rows, as all of `Estimate`. */
  readonly elbo: Estimate;
  /** What the ELBO of these rows is below of in expectation, however bad the discriminators are. */
  readonly atMost: Estimate;
  /**
   * Where the ELBO of these rows lies: its upper end is `atMost` and 2.58 of its errors over draws; its lower end allows
   * beside for `missed`.
   */
  readonly interval: Interval;
  /** The same in the mean of the set: with the error of sampling rows, where they are not all of it. */
  readonly intervalOfSet: Interval;
  /**
   * By how much the ELBO by the trained discriminator is above the true one, in the mean of the set: as `interval`, at the
   * same draws for both, and with the error of sampling rows where they are not all of the set.
   */
  readonly deviation: Interval;
  /** What either end of `deviation` allows for the sampling of draws, and of rows. */
  readonly margins: { readonly draws: number; readonly rows: number };
  /**
   * What the discriminators may miss: the largest of what one misses on the probes, of half the mean square of their disagreement,
   * and of `gained`; and `unseen` beside.
   */
  readonly missed: number;
  /**
   * Of what they miss what no discriminator sees: the noise of the moments that a posterior is contrasted with, where these
   * are of a few draws.
   */
  readonly unseen: number;
  /** How many draws that posteriors are told apart from carry `atMost`: with a handful it hangs on one of them. */
  readonly effectiveDraws: number;
  /** The mean divergence of the posterior from the prior. */
  readonly divergence: number;
  /** By how much `atMost` is lower by a discriminator of all the steps than by one of half of them; 0 when it is not. */
  readonly gained: number;
  /** The root mean square of their disagreement with each other at the posterior's draws. */
  readonly disagreement: number;
  readonly accuracy: number;
  /** Fresh discriminators on posteriors of which the log-ratio is known; not where the prior is learned. */
  readonly probes: Readonly<Record<ProbeShape, Probe | undefined>>;
  /** The ELBO of each row. */
  readonly rows: Float64Array;
}

/** Draws that discriminators are judged at: of each row, and of all rows together, at least. */
const drawsOfRow = 50;
const drawsInAll = 20_000;

/**
 * Fits discriminators to the posterior as it is, and estimates the ELBO by them.
 *
 * E_q T − log E_r exp T is at most the divergence of q from r whatever T is (Donsker & Varadhan 1983), so the ELBO is
 * known from above. From below there is no such bound: what T misses, ½ E (T − T*)² to second order, is taken from
 * posteriors of which T* is known, from how much the discriminators differ, and from how much more they find in twice
 * the time. All of them may miss what none of them can see: take one that is large enough.
 *
 * @returns What they say, and what the trained one says at the same draws.
 * @throws ConfigError for discriminators that are none, or fewer than two draws, which have no error.
 */
export async function refit(
  model: Model,
  term: Term,
  params: ModelParams,
  batch: Batch,
  {
    key,
    discriminators = 3,
    draws: wanted,
    setSize = Infinity,
    onProgress,
    ...options
  }: RefitOptions,
): Promise<{ readonly found: Refit; readonly trained: Judged }> {
  const { steps = 2000, signal } = options;
  const rows = batch.x.shape[0];
  const draws = wanted ?? Math.max(drawsOfRow, Math.ceil(drawsInAll / rows));
  expectCount('refit', 'discriminators', discriminators, 1);
  expectCount('refit', 'draws', draws, 2);
  const fitted: Params[] = [];
  const half: Params[] = [];
  const share = 1 / (discriminators + 3.5);
  const progress =
    (done: number, size = 1) =>
    (part: number) =>
      onProgress?.(share * (done + size * part));
  const fit = (name: string, i: number, how: Partial<FitOptions>): Promise<Params> =>
    fitDiscriminator(model, term, params.primal, batch, {
      ...options,
      key: fold(fold(key, name), i),
      ...how,
    });
  try {
    for (let i = 0; i < discriminators; i++)
      fitted.push(await fit('fit', i, { steps, onProgress: progress(i) }));
    half.push(
      await fit('half', 0, {
        steps: Math.ceil(steps / 2),
        onProgress: progress(discriminators, 0.5),
      }),
    );
    const probed = (shape: ProbeShape, done: number): Promise<Probe | undefined> =>
      probe(model, term, params.primal, batch, shape, {
        ...options,
        steps,
        key: fold(key, 'probe'),
        onProgress: progress(discriminators + 0.5 + done),
      });
    const probes = {
      normal: await probed('normal', 0),
      twoBumps: await probed('twoBumps', 1),
      halfNormal: await probed('halfNormal', 2),
    };
    const groups = [half, fitted.slice(0, 1), fitted, [params.dual[term.name]!]];
    const drawing = { key: fold(key, 'judge'), draws, signal };
    const judged = await judgeByFreshDraws(model, term, params, batch, groups, drawing);
    const unseen = term.needs.includes('moments')
      ? await contrastNoise(model, params.primal, batch, fold(key, 'contrast'))
      : 0;
    return { found: foundBy(judged, { probes, unseen }, { rows, setSize }), trained: judged[3]! };
  } finally {
    [...fitted, ...half].forEach(disposeTree);
  }
}

/** What the discriminators of half the steps, the first of all of them, all, and the trained one say. */
function foundBy(
  judged: readonly Judged[],
  { probes, unseen }: Pick<Refit, 'probes' | 'unseen'>,
  { rows, setSize }: { readonly rows: number; readonly setSize: number },
): Refit {
  const [early, late, all, trained] = judged as [Judged, Judged, Judged, Judged];
  const claims = trained.logits.posterior;
  const these = { rows, setSize: rows };
  const own = judgedBy(all, claims, these);
  const ofSet = judgedBy(all, claims, { rows, setSize });
  const mostBy = (of: Judged): number => judgedBy(of, claims, these).most.mean;
  const gained = Math.max(0, mostBy(early) - mostBy(late));
  const seen = [0.5 * all.disagreement, gained];
  const probed = Object.values(probes).map((found) => found?.missed ?? 0);
  const missed = Math.max(...seen, ...probed) + unseen;
  const { means: elbos } = rowsOf(
    all.base.map((base, i) => base - all.logits.posterior[i]!),
    rows,
  );
  // The ELBO is lower by what they miss, and so the other's is above it by more.
  const between = ({ direct, most }: ByDiscriminators): Interval => [
    Math.min(direct.mean - direct.margin, most.mean - missed - most.margin),
    most.mean + most.margin,
  ];
  const { direct, most } = ofSet.deviation;
  return {
    elbo: estimateOf(elbos),
    atMost: { mean: own.most.mean, error: own.most.error },
    interval: between(own),
    intervalOfSet: between(ofSet),
    deviation: [
      most.mean - most.margin,
      Math.max(direct.mean + direct.margin, most.mean + missed + most.margin),
    ],
    margins: marginsOf(most),
    missed,
    unseen,
    effectiveDraws: own.effectiveDraws,
    divergence: meanOverRows(all.divergence, these).mean,
    gained,
    disagreement: Math.sqrt(all.disagreement),
    accuracy: reliabilityOf(all.logits.posterior, all.logits.contrast).accuracy,
    probes,
    rows: elbos,
  };
}

/** What of the margin the draws make, and what the rows do. */
function marginsOf({ margin, error, byDraws }: RowsMean): Refit['margins'] {
  const quantile = error === 0 ? 0 : margin / error;
  return {
    draws: quantile * Math.min(error, byDraws),
    rows: quantile * Math.sqrt(Math.max(0, error ** 2 - byDraws ** 2)),
  };
}
