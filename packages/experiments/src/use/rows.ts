import { subset, type Dataset } from '@elbo/datasets';
import type { Batch, Model } from '@elbo/objectives';
import { fold, permutation, type Key } from '@elbo/random';
import { toBatch } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';

/** Which rows are read. */
export interface RowsRead {
  /** As many as there are, at most. */
  readonly count: number;
  readonly noise: Key;
  /** The model that reads them: what its likelihood is not of is refused. Undefined where none does. */
  readonly model: Model | undefined;
}

/**
 * What `f` finds in the first rows of a dataset.
 *
 * @throws DataError for values that the model's likelihood is not of.
 */
export async function onRows<T>(
  data: Dataset,
  { count, noise, model }: RowsRead,
  f: (batch: Batch, labels: Int32Array | undefined) => Promise<T>,
): Promise<T> {
  const rows = Uint32Array.from({ length: Math.min(count, data.size) }, (_, i) => i);
  const read = await data.read(rows, noise);
  const batch = toBatch(read, data.shape, data.name, model);
  try {
    return await f(batch, read.label);
  } finally {
    dispose(Object.values(batch));
  }
}

/**
 * `count` rows of a dataset at random, as many as there are: the first ones of a set need not be like the others, as
 * MNIST's first 5000 test images are of other writers.
 */
export function randomRows(data: Dataset, count: number, noise: Key): Dataset {
  return subset(data, permutation(fold(noise, 'rows'), data.size).slice(0, count));
}
