import type { Dataset } from '@elbo/datasets';
import type { Batch } from '@elbo/objectives';
import { key, type Key } from '@elbo/random';
import { toBatch } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';

/** The numbers of `count` rows from `begin` on. */
export const rowNumbers = (count: number, begin = 0): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => begin + i);

/** Runs `use` on rows of a dataset, which are freed when it is done. */
export async function onRows<T>(
  data: Dataset,
  rows: Uint32Array,
  use: (batch: Batch) => T | Promise<T>,
  noise: Key = key(0),
): Promise<T> {
  const batch = toBatch(await data.read(rows, noise), data.shape, data.name);
  try {
    return await use(batch);
  } finally {
    dispose(Object.values(batch));
  }
}
