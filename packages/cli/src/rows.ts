import { macrotask } from '@elbo/core';
import { subset, type Dataset } from '@elbo/datasets';
import type { Batch } from '@elbo/objectives';
import { fold, permutation, type Key } from '@elbo/random';
import { toBatch } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';

/** What `f` finds in the first `count` rows of a dataset, as many as there are. */
export async function onRows<T>(
  data: Dataset,
  count: number,
  noise: Key,
  f: (batch: Batch, labels: Int32Array | undefined) => Promise<T>,
): Promise<T> {
  const rows = Uint32Array.from({ length: Math.min(count, data.size) }, (_, i) => i);
  const read = await data.read(rows, noise);
  const batch = toBatch(read, data.shape, data.name);
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

/** The first `count` rows of a dataset, `size` at once: read with the keys with which `validate` reads them. */
export async function* blocksOfRows(
  data: Dataset,
  count: number,
  noise: Key,
  size: number,
): AsyncGenerator<Block> {
  const total = Math.min(count, data.size);
  for (let begin = 0; begin < total; begin += size) {
    const blockKey = fold(noise, begin);
    const rows = Uint32Array.from({ length: Math.min(size, total - begin) }, (_, i) => begin + i);
    const read = await data.read(rows, fold(blockKey, 'data'));
    const batch = toBatch(read, data.shape, data.name);
    try {
      yield { batch, labels: read.label, blockKey };
    } finally {
      dispose(Object.values(batch));
    }
    await macrotask();
  }
}
