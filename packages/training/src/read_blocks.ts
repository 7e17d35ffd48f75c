import { macrotask } from '@elbo/core';
import { blocksOf, type Dataset } from '@elbo/datasets';
import { leastRows, type Batch, type Model } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { dispose } from '@tensorflow/tfjs-core';
import { toBatch } from './feed.js';

/** Which rows are read, and how. */
export interface ReadBlocksOptions {
  /** As many as there are, at most. */
  readonly count: number;
  /** Rows that are read together. */
  readonly size: number;
  readonly noise: Key;
  /** The model that reads them: what its likelihood is not of is refused, and no block is too small for its terms. */
  readonly model: Model;
  readonly signal?: AbortSignal | undefined;
}

/** Some rows in their order, with the key of their noise. */
export interface ReadBlock {
  /** Freed when the next block is asked for. */
  readonly batch: Batch;
  readonly count: number;
  readonly blockKey: Key;
}

/**
 * The first rows of a dataset, some at once: what is measured on them is measured on the same values and by the same noise,
 * whoever measures. Others get a turn after each block.
 *
 * @throws DataError for values that the model's likelihood is not of.
 */
export async function* readBlocks(
  data: Dataset,
  { count: most, size, noise, model, signal }: ReadBlocksOptions,
): AsyncGenerator<ReadBlock> {
  for (const { first, count } of blocksOf(Math.min(most, data.size), size, leastRows(model))) {
    signal?.throwIfAborted();
    const rows = Uint32Array.from({ length: count }, (_, i) => first + i);
    const blockKey = fold(noise, first);
    const read = await data.read(rows, fold(blockKey, 'data'));
    const batch = toBatch(read, data.shape, data.name, model);
    try {
      yield { batch, count, blockKey };
    } finally {
      dispose(Object.values(batch));
    }
    await macrotask();
  }
}
