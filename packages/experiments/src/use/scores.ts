import type { Dataset } from '@elbo/datasets';
import {
  conformalPValues,
  estimateOf,
  logLikelihood,
  proposalMaker,
  type Estimate,
} from '@elbo/evaluation';
import { hasElbo, type Batch, type Model, type ModelParams } from '@elbo/objectives';
import { fold, key, type Key } from '@elbo/random';
import { csv, type Cell } from '@elbo/report';
import type { Host } from '../host.js';
import { RequestError } from '../request_error.js';
import { withLabels } from './codes.js';
import type { RunWithData } from './load_run.js';
import { overRows } from './over_rows.js';
import { expectEncoder } from './samples.js';

/** What a score is: −ELBO, or −log p(x) by importance samples. */
export type ScoreBy = 'elbo' | 'likelihood';

/** How rows are scored. */
export interface ScoresOptions {
  readonly seed: number;
  /** By default −ELBO of a model that has one. */
  readonly by?: ScoreBy | undefined;
  /** The share of normal rows that may be called unusual; 0.05 by default. */
  readonly level?: number | undefined;
  /** The first rows of each set, as many as there are at most; by default all. */
  readonly rows?: number | undefined;
}

/** Scores of rows, and what may be promised of them. */
export interface Scores {
  /** In nats; higher is stranger. */
  readonly scores: Float64Array;
  /** The share of normal rows that score as high, by the validation rows. */
  readonly pValues: Float64Array;
  /** `[N]`, −1 where unknown, of rows that have any. */
  readonly labels: Int32Array | undefined;
  readonly by: ScoreBy;
  readonly level: number;
  /** How many validation rows set what is usual. */
  readonly calibration: number;
  /** The share of the test rows that are called unusual: `level`, but for the accident of both sets. */
  readonly falseAlarms: Estimate & { readonly rows: number };
  /** The share of the scored rows that are. */
  readonly unusual: number;
}

/** Draws that −ELBO is averaged over. */
const draws = 5;
/** Importance samples of −log p(x). */
const samples = 100;
const together = 200;

/**
 * How unusual rows are, by the model's own score, with conformal p-values: what is usual is set by the validation rows, which
 * the model was not trained on, and the share of test rows that are called unusual is measured beside what was promised.
 *
 * @param data The rows to score; by default the test rows.
 * @throws RequestError for a model without an encoder, or without the ELBO that is asked for.
 */
export async function scores(
  { model, params, sets }: RunWithData,
  data: Dataset | undefined,
  { seed, by = hasElbo(model) ? 'elbo' : 'likelihood', level = 0.05, rows }: ScoresOptions,
  host: Host,
): Promise<Scores> {
  expectEncoder({ model }, 'score');
  if (by === 'elbo' && !hasElbo(model))
    throw new RequestError('--by elbo: this model has no ELBO; use --by likelihood.');
  const noise = fold(key(seed), 'scores');
  const of = (set: Dataset, name: string) =>
    scored(model, params, set, { by, noise: fold(noise, name), rows: rows ?? set.size }, host);
  const calibration = await of(sets.validation, 'calibration');
  const test = await of(sets.test, 'test');
  const asked = data ? await of(data, 'rows') : test;
  const pOf = (values: Float64Array): Float64Array => conformalPValues(calibration.scores, values);
  const alarms = (p: Float64Array): Estimate =>
    estimateOf(p.map((value) => Number(value <= level)));
  const pValues = pOf(asked.scores);
  return {
    ...asked,
    pValues,
    by,
    level,
    calibration: calibration.scores.length,
    falseAlarms: { ...alarms(pOf(test.scores)), rows: test.scores.length },
    unusual: alarms(pValues).mean,
  };
}

async function scored(
  model: Model,
  params: ModelParams,
  data: Dataset,
  { by, noise, rows }: { readonly by: ScoreBy; readonly noise: Key; readonly rows: number },
  host: Host,
): Promise<Pick<Scores, 'scores' | 'labels'>> {
  const found: number[] = [];
  const labels = await overRows(
    data,
    { count: rows, size: together, noise, model },
    host,
    async (batch, blockKey) => {
      const measure = by === 'elbo' ? byElbo : byLikelihood;
      found.push(...(await measure(model, params, batch, blockKey)));
    },
  );
  return { scores: Float64Array.from(found), labels };
}

async function byElbo(
  model: Model,
  params: ModelParams,
  batch: Batch,
  noise: Key,
): Promise<Float64Array> {
  const sums = new Float64Array(batch.x.shape[0]);
  for (let i = 0; i < draws; i++) {
    const score = model.score(params, batch, fold(noise, i));
    (await score.data<'float32'>()).forEach((value, row) => (sums[row]! += value / draws));
    score.dispose();
  }
  return sums;
}

async function byLikelihood(
  model: Model,
  { primal }: ModelParams,
  batch: Batch,
  noise: Key,
): Promise<Float64Array> {
  // The model's own proposal: one that is fitted to each row takes a hundred times as long.
  const proposal = proposalMaker(model, {});
  const options = { key: noise, samples, proposal };
  const found = await logLikelihood(model, primal, batch, options);
  return found.logLikelihood.map((value) => -value);
}

/** Scores as CSV: `row`, `score` in nats, `p`, `unusual` at the level and, where rows have labels, `label`. */
export function scoresCsv({ scores: found, pValues, labels, level }: Scores): string {
  const names = ['row', 'score', 'p', 'unusual', ...(labels ? ['label'] : [])];
  const rows = function* (): Generator<readonly Cell[]> {
    for (const [row, score] of found.entries())
      yield [
        row,
        Number(score.toPrecision(8)),
        Number(pValues[row]!.toPrecision(8)),
        Number(pValues[row]! <= level),
      ];
  };
  return csv(names, withLabels(rows(), labels));
}
