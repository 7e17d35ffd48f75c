import type { Dataset } from '@elbo/datasets';
import { measure, type Model, type ModelParams } from '@elbo/objectives';
import { fold, key, type Key } from '@elbo/random';
import { expectRowsFor } from './least_rows.js';
import { measurements } from './measurements.js';
import { readBlocks } from './read_blocks.js';

/** Rows that validation looks at together, unless told otherwise. */
export const validationBatch = 500;

/** How a model is validated. */
export interface ValidateOptions {
  /** Rows looked at together; `validationBatch` by default. The last ones share out what is left where a term needs more rows than that. */
  readonly batchSize?: number;
  /** Rows looked at, from the first; all by default. */
  readonly rows?: number;
  readonly step?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The mean of every metric over a dataset, without training: the same noise at every call, so that curves are smooth. Of
 * a term that couples rows it is the mean over blocks of `batchSize` rows, each weighted by its rows, and not the term's
 * value on all rows together.
 *
 * @throws NumericalError when a metric is not finite; DataError when the data do not fit, or are fewer rows than a term
 * of the model compares.
 */
export async function validate(
  model: Model,
  params: ModelParams,
  data: Dataset,
  {
    batchSize = validationBatch,
    rows = data.size,
    step = 0,
    seed = 0,
    signal,
  }: ValidateOptions = {},
): Promise<Record<string, number>> {
  const noise: Key = fold(key(seed), 'validation');
  const sums = new Map<string, number>();
  const total = Math.min(rows, data.size);
  expectRowsFor(model, total, `validation on ${data.name}`);
  const blocks = readBlocks(data, { count: total, size: batchSize, noise, model, signal });
  for await (const { batch, count, blockKey } of blocks) {
    const pending = measurements();
    try {
      pending.add(step, measure(model, params, batch, { step, key: fold(blockKey, 'pass') }));
      for (const [name, value] of Object.entries(await pending.read()))
        sums.set(name, (sums.get(name) ?? 0) + (value * count) / total);
    } finally {
      pending.dispose();
    }
  }
  return Object.fromEntries(sums);
}
