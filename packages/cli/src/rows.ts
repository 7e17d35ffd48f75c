import type { Dataset } from '@elbo/datasets';
import type { Batch } from '@elbo/objectives';
import type { Key } from '@elbo/random';
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
