// What one trained model is worth, on the same binarised test images as every other.
import type { Store } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import {
  annealedLikelihood,
  diagnose,
  estimateLikelihood,
  localElbo,
  transportElbo,
  type Refit,
} from '@elbo/evaluation';
import type { Batch, Model, ModelParams } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { onRows, rowNumbers } from '../../common/rows.js';
import { remembered } from '../../runner/remembered.js';

/** Test images of each kind of measurement: the ELBO's are the first of them all. */
const rows = { elbo: 500, ais: 100, compared: 5000, comparedByAis: 300 };
const samples = 2000;
const annealing = { chains: 4, temperatures: 400 };
const noise = key(1);

/** A figure of each row, in nats. */
export type OfRows = readonly number[];

/** What annealed importance sampling finds of log p(x). */
export interface Annealed {
  readonly values: OfRows;
  readonly acceptance: number;
}

/** What fresh discriminators, and bounds without any, say of a model that was trained with one. */
export interface Doctor {
  readonly verdict: string;
  readonly accuracy: number;
  readonly refit: Omit<Refit, 'rows'> & { readonly rows: OfRows };
  readonly bounds: { readonly lower: OfRows; readonly upper: OfRows } | undefined;
}

/** All of one model's figures. */
export interface Measured {
  /** By its own terms. */
  readonly elbo: OfRows;
  readonly importance: { readonly values: OfRows; readonly effective: number };
  readonly ais: Annealed;
  /** ELBOs of the best normal of each row. */
  readonly local: { readonly diagonal: OfRows; readonly full: OfRows } | undefined;
  readonly doctor: Doctor | undefined;
  readonly elboOfMany: OfRows | undefined;
  readonly aisOfMany: Annealed | undefined;
}

/** What is asked of a model. */
export interface Measuring {
  readonly store: Store;
  /** Whether its ELBO is split into what the encoder misses and what normals cannot do. */
  readonly gaps: boolean;
  /** By what it is compared on many images. */
  readonly comparedBy: readonly ('elbo' | 'ais')[];
  log(message: string): void;
  readonly signal: AbortSignal;
}

/** Each row's ELBO by the model's own terms, over draws. */
async function ownElbo(
  model: Model,
  params: ModelParams,
  batch: Batch,
  draws: number,
): Promise<OfRows> {
  const sums = new Float64Array(batch.x.shape[0]);
  for (let i = 0; i < draws; i++) {
    const elbo = model.elbo(params, batch, fold(noise, i));
    (await elbo.data()).forEach((value, row) => (sums[row]! += value / draws));
    elbo.dispose();
  }
  return [...sums];
}

/** Measures a model on held-out images. What is done is kept in `store`. */
export async function measured(
  model: Model,
  params: ModelParams,
  held: Dataset,
  { store, gaps, comparedBy, log, signal }: Measuring,
): Promise<Measured> {
  const step = async <T>(
    name: string,
    count: number,
    measure: (batch: Batch) => Promise<T>,
  ): Promise<T> => {
    const found = await remembered(store, name, () => {
      log(name);
      return onRows(held, rowNumbers(count), measure);
    });
    signal.throwIfAborted();
    return found;
  };
  const elbo = await step('elbo', rows.elbo, (batch) => ownElbo(model, params, batch, 20));
  const importance = await step('importance', rows.elbo, async (batch) => {
    const options = { key: noise, samples, signal };
    const found = await estimateLikelihood(model, params.primal, batch, options);
    return { values: [...found.logLikelihood], effective: found.medianEffectiveSampleSize };
  });
  const annealed = async (batch: Batch): Promise<Annealed> => {
    const options = { ...annealing, key: noise, start: 'normal', signal } as const;
    const found = await annealedLikelihood(model, params.primal, batch, options);
    const { logLikelihood, acceptance } = found;
    return {
      values: [...logLikelihood],
      acceptance: acceptance.reduce((a, b) => a + b, 0) / acceptance.length,
    };
  };
  const ais = await step('ais', rows.ais, annealed);
  const bestNormals = (covariance: 'diagonal' | 'full'): Promise<OfRows> =>
    step(`local-${covariance}`, rows.ais, async (batch) => {
      const options = { key: noise, covariance, steps: 600, signal };
      return [...(await localElbo(model, params.primal, batch, options)).rows];
    });
  const local = gaps
    ? { diagonal: await bestNormals('diagonal'), full: await bestNormals('full') }
    : undefined;
  const adversarial = model.terms.some(({ adversary, role }) => adversary && role === 'divergence');
  const doctor = adversarial
    ? await step('doctor', rows.elbo, async (batch): Promise<Doctor> => {
        const { verdict, reliability, refit, bounds } = await diagnose(model, params, batch, {
          key: noise,
          samples: 500,
          refit: { discriminators: 2, steps: 1500 },
          signal,
        });
        const of = bounds?.rows;
        return {
          verdict,
          accuracy: reliability!.accuracy,
          refit: { ...refit!, rows: [...refit!.rows] },
          bounds: of && { lower: [...of.lower], upper: [...of.upper!] },
        };
      })
    : undefined;
  // One draw of each of many images says more of a difference than many draws of few.
  const elboOfMany = comparedBy.includes('elbo')
    ? await step('elbo-of-many', rows.compared, async (batch) => {
        if (!adversarial) return ownElbo(model, params, batch, 4);
        const options = { key: noise, draws: 1, components: 25, signal };
        return [...(await transportElbo(model, params.primal, batch, options)).rows.lower];
      })
    : undefined;
  const aisOfMany = comparedBy.includes('ais')
    ? await step('ais-of-many', rows.comparedByAis, annealed)
    : undefined;
  return { elbo, importance, ais, local, doctor, elboOfMany, aisOfMany };
}
