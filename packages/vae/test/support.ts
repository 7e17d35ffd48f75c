import { tensorAt, type Params } from '@elbo/core';
import { exactLinearGaussian, type Dataset, type LinearGaussian } from '@elbo/datasets';
import type { Model, ModelParams } from '@elbo/objectives';
import { adam, cosine } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { toBatch, train, type State } from '@elbo/training';
import '@tensorflow/tfjs-backend-cpu';
import { dispose } from '@tensorflow/tfjs-core';

/** Every value of a dataset, row after row. */
export function valuesOf(data: Dataset): Float32Array {
  const rows = data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(0),
  );
  if (rows instanceof Promise) throw new Error('These rows are in memory.');
  return rows.x;
}

/** Trains on the whole set at once, at a rate that falls to 0, so that it ends at an optimum. */
export async function fit(
  model: Model,
  data: Dataset,
  { steps, rate }: { readonly steps: number; readonly rate: number },
): Promise<State> {
  const run = train(model, data, {
    steps,
    batchSize: data.size,
    seed: 5,
    primal: adam(cosine({ from: rate, steps })),
    every: steps,
  });
  for await (const report of run) if (report.step === steps) break;
  return run.take();
}

/** The linear-Gaussian model that a linear decoder with a learned σ is, in doubles. */
export function worldOf(decoder: Params): LinearGaussian {
  const numbers = (path: string): number[] => [...tensorAt(decoder, path).dataSync()];
  const kernel = numbers('head/kernel');
  const mean = numbers('head/bias');
  const weights = mean.map((_, i) => kernel.filter((__, at) => at % mean.length === i));
  return exactLinearGaussian({ weights, mean, noise: Math.exp(numbers('logSigma')[0]!) });
}

/** The mean of a model's ELBO over every row of a set and `draws` draws of z, and its standard error given the rows. */
export function meanElbo(
  model: Model,
  params: ModelParams,
  data: Dataset,
  draws: number,
): { readonly mean: number; readonly error: number } {
  const batch = toBatch({ x: valuesOf(data) }, data.shape, data.name);
  const means = Array.from({ length: draws }, (_, i) => {
    const elbo = model.elbo(params, batch, fold(key(11), i));
    const values = elbo.dataSync<'float32'>();
    elbo.dispose();
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  dispose(Object.values(batch));
  const mean = means.reduce((sum, value) => sum + value, 0) / draws;
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1);
  return { mean, error: Math.sqrt(variance / draws) };
}
