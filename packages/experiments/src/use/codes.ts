import type { Dataset } from '@elbo/datasets';
import type { Batch, Model, ModelParams } from '@elbo/objectives';
import { fold, key, type Key } from '@elbo/random';
import { csv, npy, type Cell } from '@elbo/report';
import { mean, reshape, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Host } from '../host.js';
import type { LoadedRun } from './load_run.js';
import { overRows } from './over_rows.js';
import { expectEncoder, type Drawn } from './samples.js';
import { columnNames, rowsOf } from './values.js';

/** Which rows, and what of q(z|x). */
export interface CodesOptions {
  readonly seed: number;
  /** By default means. */
  readonly what?: Drawn | undefined;
  /** The first rows, as many as there are at most; by default all. */
  readonly rows?: number | undefined;
}

/** Codes of rows. */
export interface Codes {
  /** `[N, Z]`, flat. */
  readonly values: Float32Array;
  /** Z. */
  readonly dim: number;
  /** `[N]`, −1 where unknown, of rows that have any. */
  readonly labels: Int32Array | undefined;
  /** What they are, in words. */
  readonly what: string;
}

/** Rows that are encoded together. */
const together = 500;

/** Draws whose mean stands for E[z|x] where no encoder says it. */
const draws = 64;

/** Whether a posterior's `mean` is its own: an implicit one names that of a normal close to it. */
const saysMean = ({ offers }: Model): boolean =>
  offers.includes('moments') && offers.includes('logProb');

/**
 * The codes of rows, in their order: means of q(z|x), exact where its density says them and else of 64 draws; or a draw each.
 *
 * @throws RequestError for a model without an encoder; DataError for rows that the model is not of.
 */
export async function codes(
  { model, params }: Pick<LoadedRun, 'model' | 'params'>,
  data: Dataset,
  { seed, what = 'means', rows = data.size }: CodesOptions,
  host: Host,
): Promise<Codes> {
  expectEncoder({ model }, 'embed');
  const noise = fold(key(seed), 'codes');
  const [count, dim] = [Math.min(rows, data.size), model.prior.dim];
  const values = new Float32Array(count * dim);
  const labels = await overRows(
    data,
    { count, size: together, noise, model },
    host,
    async (batch, blockKey, first) => {
      const z =
        what === 'draws'
          ? model.encode(params.primal, batch, blockKey)
          : meansOf(model, params, batch, blockKey);
      values.set(await z.data<'float32'>(), first * dim);
      z.dispose();
    },
  );
  return {
    values,
    dim,
    labels,
    what:
      what === 'draws'
        ? 'draws of q(z|x)'
        : saysMean(model)
          ? 'means of q(z|x)'
          : `means of ${draws} draws of q(z|x)`,
  };
}

function meansOf(model: Model, { primal }: ModelParams, batch: Batch, noise: Key): Tensor {
  const forward = model.forward(primal, batch, { step: 0, key: noise, training: false });
  try {
    return tidy(() => {
      const { posterior } = forward.pass;
      if (saysMean(model)) return (posterior as { mean: Tensor2D }).mean.clone();
      const z = posterior.sample(fold(noise, 'means'), draws);
      return mean(reshape(z, [draws, batch.x.shape[0], model.prior.dim]), 0);
    });
  } finally {
    forward.dispose();
  }
}

/** Codes as a NumPy file, `[N, Z]`. */
export function codesNpy({ values, dim }: Codes): Uint8Array {
  return npy(values, [values.length / dim, dim]);
}

/** Codes as CSV: `z0`, `z1`, … and, where rows have labels, `label`, which is empty where it is unknown. */
export function codesCsv({ values, dim, labels }: Codes): string {
  const names = [...columnNames('z', dim), ...(labels ? ['label'] : [])];
  return csv(names, withLabels(rowsOf(values, dim), labels));
}

/** Rows, each with its label behind. */
export function* withLabels(
  rows: Iterable<readonly Cell[]>,
  labels: Int32Array | undefined,
): Generator<readonly Cell[]> {
  let row = 0;
  for (const cells of rows) {
    const label = labels?.[row++];
    yield label === undefined ? cells : [...cells, label < 0 ? '' : label];
  }
}
