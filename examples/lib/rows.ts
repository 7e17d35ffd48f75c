import type { Dataset } from '@elbo/datasets';
import type { Batch } from '@elbo/objectives';
import { key } from '@elbo/random';
import { toBatch } from '@elbo/training';

/** The first `count` rows of a dataset on the device. */
export async function firstRows(data: Dataset, count: number): Promise<Batch> {
  const rows = Uint32Array.from({ length: Math.min(count, data.size) }, (_, row) => row);
  return toBatch(await data.read(rows, key(0)), data.shape, data.name);
}

/** The labels of all rows. */
export async function labelsOf(data: Dataset): Promise<Int32Array> {
  const rows = Uint32Array.from({ length: data.size }, (_, row) => row);
  const { label } = await data.read(rows, key(0));
  if (!label) throw new Error(`${data.name} has no labels.`);
  return label;
}
