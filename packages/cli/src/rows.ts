import { macrotask } from '@elbo/core';
import { blocksOf, subset, type Dataset } from '@elbo/datasets';
import { leastRows, type Batch, type Model } from '@elbo/objectives';
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

/** Some rows in their order, with the key of their noise. */
export interface Block {
  /** Freed when the next block is asked for. */
  readonly batch: Batch;
  readonly labels: Int32Array | undefined;
  readonly blockKey: Key;
}

/**
 * The first `count` rows of a dataset, `size` at once: read with the keys and in the blocks that `validate` has.
 *
 * @throws DataError for values that the model's likelihood is not of.
 */
export async function* blocksOfRows(
  data: Dataset,
  { count, noise, model }: RowsRead & { readonly model: Model },
  size: number,
): AsyncGenerator<Block> {
  const total = Math.min(count, data.size);
  for (const { first, count: length } of blocksOf(total, size, leastRows(model))) {
    const blockKey = fold(noise, first);
    const rows = Uint32Array.from({ length }, (_, i) => first + i);
    const read = await data.read(rows, fold(blockKey, 'data'));
    const batch = toBatch(read, data.shape, data.name, model);
    try {
      yield { batch, labels: read.label, blockKey };
    } finally {
      dispose(Object.values(batch));
    }
    await macrotask();
  }
}
