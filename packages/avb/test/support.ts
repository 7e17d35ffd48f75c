import { leaves, standardNormal, type Params, type Prior } from '@elbo/core';
import { fromArrays, type Dataset } from '@elbo/datasets';
import type { Batch, Model, ModelParams } from '@elbo/objectives';
import { measure } from '@elbo/objectives';
import { adam, cosine, type Optimiser } from '@elbo/optimisers';
import { key, normal as normalArray } from '@elbo/random';
import { train, type Report, type State, type TrainOptions } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';

/** Rows of x ~ N(0, I₂). */
export function normalRows(size: number, seed = 1): Dataset {
  return fromArrays({
    name: 'normal',
    x: normalArray(key(seed), size * 2),
    shape: [2],
    range: 'finite',
  });
}

/** All values of a set in memory. */
export function valuesOf(data: Dataset): Float32Array {
  const rows = data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(0),
  );
  if (rows instanceof Promise) throw new Error('These rows are in memory.');
  return rows.x;
}

export const prior: Prior = standardNormal(2);

/** Adam at a rate that falls to 0. */
export const falling = (rate: number, steps: number): Optimiser =>
  adam(cosine({ from: rate, steps }));

/** Trains to the end; the state is the caller's. */
export async function finish(
  model: Model,
  data: Dataset,
  options: TrainOptions,
): Promise<{ readonly state: State; readonly reports: readonly Report[] }> {
  const run = train(model, data, options);
  const reports: Report[] = [];
  for await (const report of run) reports.push(report);
  return { state: run.take(), reports };
}

/** The mean of a metric over `draws` passes of fresh noise, and its standard error given the rows. */
export function meanOf(
  model: Model,
  params: ModelParams,
  batch: Batch,
  metric: string,
  keys: readonly Parameters<Model['elbo']>[2][],
): { readonly mean: number; readonly error: number } {
  const values = keys.map((draw) => {
    const measured = measure(model, params, batch, { step: 0, key: draw });
    const [value] = measured[metric]!.dataSync<'float32'>();
    dispose(measured);
    return value!;
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** Every bit of a tree. */
export function bitsOf(tree: Params): number[] {
  return leaves(tree).flatMap((t) => [...new Uint32Array(t.dataSync<'float32'>().slice().buffer)]);
}
