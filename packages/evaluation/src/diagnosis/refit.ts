import { disposeTree, type Params } from '@elbo/core';
import type { Batch, Model, ModelParams, Term } from '@elbo/objectives';
import { fold } from '@elbo/random';
import { expectCount } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { fitDiscriminator, type FitOptions } from './fit.js';
import { judgeByFreshDraws } from './fresh_draws.js';
import { probe, type Probe, type ProbeShape } from './probe.js';
import { reliabilityOf } from './reliability.js';

/** How discriminators are fitted afresh. */
export interface RefitOptions extends FitOptions {
  /** How many, each from a beginning of its own; 3 by default. */
  readonly discriminators?: number | undefined;
  /** Draws of each row that they are then judged at; 50 by default. */
  readonly draws?: number | undefined;
}

/** An ELBO by discriminators that were fitted to the posterior as it is, and judged at draws they never saw. In nats. */
export interface Refit {
  /** By the mean of their log-odds; the error is over rows. */
  readonly elbo: Estimate;
  /** What the ELBO of these rows is below of in expectation, however bad the discriminators are. */
  readonly atMost: Estimate;
  /**
   * Where the ELBO of these rows lies: its upper end is `atMost` and 1.96 of its errors over draws; its lower end allows
   * beside for what the discriminators miss, the largest of what one misses on the probes, of their disagreement, and of
   * what the second half of the steps has brought.
   */
  readonly interval: readonly [number, number];
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

/**
 * Fits discriminators to the posterior as it is, and estimates the ELBO by them.
 *
 * E_q T + 1 − E_r exp T is at most the divergence of q from r whatever T is (Nguyen, Wainwright & Jordan 2010, eq. 3), so
 * the ELBO is known from above. From below there is no such bound: what T misses, ½ E (T − T*)² to second order, is
 * taken from posteriors of which T* is known, from how much the discriminators differ, and from how much more they find
 * in twice the time. All of them may miss what none of them can see: take one that is large enough.
 *
 * @throws ConfigError for discriminators that are none, or fewer than two draws, which have no error.
 */
export async function refit(
  model: Model,
  term: Term,
  params: ModelParams,
  batch: Batch,
  { key, discriminators = 3, draws = 50, onProgress, ...options }: RefitOptions,
): Promise<Refit> {
  const { steps = 2000, signal } = options;
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
    const groups = [half, fitted.slice(0, 1), fitted];
    const drawn = { key: fold(key, 'judge'), draws, signal };
    const [early, late, all] = await judgeByFreshDraws(model, term, params, batch, groups, drawn);
    const { elbo, atMost, errors, disagreement, logits } = all!;
    const direct = estimateOf(elbo);
    const most = estimateOf(atMost);
    const gained = Math.max(0, estimateOf(early!.atMost).mean - estimateOf(late!.atMost).mean);
    const missed = Math.max(
      0.5 * disagreement,
      gained,
      ...Object.values(probes).map((found) => found?.missed ?? 0),
    );
    const least = Math.min(
      direct.mean - 1.96 * errors.elbo,
      most.mean - missed - 1.96 * errors.atMost,
    );
    return {
      elbo: direct,
      atMost: most,
      interval: [least, most.mean + 1.96 * errors.atMost],
      gained,
      disagreement: Math.sqrt(disagreement),
      accuracy: reliabilityOf(logits.posterior, logits.contrast).accuracy,
      probes,
      rows: elbo,
    };
  } finally {
    [...fitted, ...half].forEach(disposeTree);
  }
}
