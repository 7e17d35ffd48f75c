import { macrotask } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { measure, type Model, type ModelParams } from '@elbo/objectives';
import { fold, key, type Key } from '@elbo/random';
import { dispose } from '@tensorflow/tfjs-core';
import { toBatch } from './feed.js';

import { measurements } from './measurements.js';

/** How a model is validated. */
export interface ValidateOptions {
  readonly batchSize?: number;
  /** Rows looked at, from the first; all by default. */
  readonly rows?: number;
  readonly step?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The mean of every metric over a dataset, without training: the same noise at every call, so that curves are smooth.
 *
 * @throws NumericalError when a metric is not finite; DataError when the data do not fit.
 */
export async function validate(
  model: Model,
  params: ModelParams,
  data: Dataset,
  { batchSize = 500, rows = data.size, step = 0, seed = 0, signal }: ValidateOptions = {},
): Promise<Record<string, number>> {
  const noise: Key = fold(key(seed), 'validation');
  const sums = new Map<string, number>();
  const total = Math.min(rows, data.size);
  for (let begin = 0; begin < total; begin += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, total - begin);
    const indices = Uint32Array.from({ length: count }, (_, i) => begin + i);
    const blockKey = fold(noise, begin);
    const batch = toBatch(await data.read(indices, fold(blockKey, 'data')), data.shape, data.name);
    const pending = measurements();
    try {
      pending.add(step, measure(model, params, batch, { step, key: fold(blockKey, 'pass') }));
      for (const [name, value] of Object.entries(await pending.read()))
        sums.set(name, (sums.get(name) ?? 0) + (value * count) / total);
    } finally {
      pending.dispose();
      dispose(Object.values(batch));
    }
    await macrotask();
  }
  return Object.fromEntries(sums);
}
