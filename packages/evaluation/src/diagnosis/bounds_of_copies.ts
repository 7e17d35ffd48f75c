import type { Batch, Model, Primal } from '@elbo/objectives';
import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import { estimateOf } from '../estimate.js';
import { boundsOf, type ElboBounds } from '../likelihood/bounds.js';
import { copiesOf } from './fresh_draws.js';
import { rowsOf } from './mean_over_rows.js';

/** Copies of each row at least, whose draws show how a row's bounds vary by them; and rows with their copies. */
const leastCopies = 2;
const boundedRows = 400;

/** The bounds of copies of the rows, one after the other. */
export async function boundsOfCopies(
  model: Model,
  primal: Primal,
  batch: Batch,
  options: Parameters<typeof boundsOf>[3],
): Promise<ElboBounds | undefined> {
  const copies = Math.max(leastCopies, Math.ceil(boundedRows / batch.x.shape[0]));
  const copied = copiesOf(batch, copies);
  try {
    return await boundsOf(model, primal, copied, options);
  } finally {
    dispose(Object.values(copied) as Tensor[]);
  }
}

/** The bounds of the rows themselves. */
export function overCopies({ rows: { lower, upper } }: ElboBounds, rows: number): ElboBounds {
  const of = (values: Float64Array): Float64Array => rowsOf(values, rows).means;
  const [least, most] = [of(lower), upper && of(upper)];
  return {
    lower: estimateOf(least),
    ...(most && { upper: estimateOf(most) }),
    rows: { lower: least, ...(most && { upper: most }) },
  };
}
