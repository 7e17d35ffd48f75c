import type { Dataset } from '@elbo/datasets';
import type { Batch } from '@elbo/objectives';
import type { Key } from '@elbo/random';
import { readBlocks, type ReadBlocksOptions } from '@elbo/training';
import type { Host } from '../host.js';

/**
 * Does something with the first rows of a dataset, a block at a time, and shows how far it is.
 *
 * @param f takes a block, the key of its noise, and the number of its first row.
 * @returns the labels of the rows, −1 where unknown; undefined of rows that have none.
 */
export async function overRows(
  data: Dataset,
  { count: most, ...options }: Omit<ReadBlocksOptions, 'signal'>,
  host: Host,
  f: (batch: Batch, blockKey: Key, first: number) => Promise<void>,
): Promise<Int32Array | undefined> {
  const count = Math.min(most, data.size);
  const labels: number[] = [];
  const bar = host.progress(count);
  let done = 0;
  try {
    for await (const { batch, blockKey } of readBlocks(data, {
      count,
      ...options,
      signal: host.signal,
    })) {
      await f(batch, blockKey, done);
      if (batch.label) labels.push(...(await batch.label.data()));
      done += batch.x.shape[0];
      bar.update(done, 'rows');
    }
  } finally {
    bar.stop();
  }
  return labels.length > 0 ? Int32Array.from(labels) : undefined;
}
