// What one trained model is worth, on the same binarised test images as every other.
import type { Store } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { estimateLikelihood, transportElbo } from '@elbo/evaluation';
import type { Batch, Model, ModelParams } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { rounded } from '../../common/kept_rows.js';
import { onRows, rowNumbers } from '../../common/rows.js';
import { clockFrom, type Spent } from '../../runner/clock.js';
import { remembered } from '../../runner/remembered.js';

/** Draws of each row: of what the model's own terms say, and of bounds with so many components. */
const draws = { own: 20, bounds: 4, components: 25 };
const noise = key(1);

/** A figure of each row, in nats, to four digits. */
type OfRows = readonly number[];

/** All of one model's figures. */
export interface Measured {
  /** The ELBO by the model's own terms: of AVB a discriminator's guess, of IWAE the bound of its samples. */
  readonly own: OfRows;
  /** What the true ELBO lies between, of a posterior whose own terms do not tell it; undefined where nothing does. */
  readonly between: { readonly lower: OfRows; readonly upper: OfRows } | undefined;
  readonly logLikelihood: OfRows;
  /** Of the samples that log p(x) was had from. */
  readonly effective: OfRows;
  readonly samplingError: number;
  readonly spent: Spent;
}

/** What is asked of a model. */
export interface Measuring {
  readonly store: Store;
  /** On so many rows, from the first. */
  readonly rows: number;
  /** Whether its posterior moves noise by a map that can be inverted. */
  readonly moved: boolean;
  log(message: string): void;
  readonly signal: AbortSignal;
}

/** Each row's ELBO by the model's own terms, over draws. */
async function ownElbo(model: Model, params: ModelParams, batch: Batch): Promise<OfRows> {
  const sums = new Float64Array(batch.x.shape[0]);
  for (let i = 0; i < draws.own; i++) {
    const elbo = model.elbo(params, batch, fold(noise, i));
    (await elbo.data()).forEach((value, row) => (sums[row]! += value / draws.own));
    elbo.dispose();
  }
  return rounded(sums);
}

/** Measures a model on held-out images. What is done is kept in `store`. */
export async function measured(
  model: Model,
  params: ModelParams,
  held: Dataset,
  { store, rows, moved, log, signal }: Measuring,
): Promise<Measured> {
  let spent: Spent = { seconds: 0, coreSeconds: 0 };
  const part = async <T>(name: string, measure: (batch: Batch) => Promise<T>): Promise<T> => {
    const kept = await remembered(store, `${name}-${rows}`, async () => {
      log(`measuring: ${name}`);
      const clock = clockFrom();
      const found = await onRows(held, rowNumbers(rows), measure);
      return { found, spent: clock() };
    });
    signal.throwIfAborted();
    spent = {
      seconds: spent.seconds + kept.spent.seconds,
      coreSeconds: spent.coreSeconds + kept.spent.coreSeconds,
    };
    return kept.found;
  };
  const own = await part('own', (batch) => ownElbo(model, params, batch));
  const between = moved
    ? await part('between', async (batch) => {
        const { bounds, components } = draws;
        const options = { key: noise, draws: bounds, components, signal };
        const { rows: of } = await transportElbo(model, params.primal, batch, options);
        return { lower: rounded(of.lower), upper: rounded(of.upper!) };
      })
    : undefined;
  const likelihood = await part('likelihood', async (batch) => {
    const found = await estimateLikelihood(model, params.primal, batch, { key: noise, signal });
    return {
      values: rounded(found.logLikelihood),
      effective: Array.from(found.effectiveSampleSize, Math.round),
      samplingError: found.samplingError,
    };
  });
  return {
    own,
    between,
    logLikelihood: likelihood.values,
    effective: likelihood.effective,
    samplingError: likelihood.samplingError,
    spent,
  };
}
