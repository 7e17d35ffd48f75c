import type { Batch } from '@elbo/objectives';
import { slice, type Tensor } from '@tensorflow/tfjs-core';

/** Some rows of a batch; the tensors are the caller's. */
export function sliceRows(batch: Batch, begin: number, rows: number): Batch {
  const cut = <T extends Tensor>(t: T): T => slice(t, begin, rows);
  return {
    x: cut(batch.x),
    ...(batch.condition && { condition: cut(batch.condition) }),
    ...(batch.label && { label: cut(batch.label) }),
  };
}
