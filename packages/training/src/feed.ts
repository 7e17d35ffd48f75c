import { DataError, sizeOf, type Shape } from '@elbo/core';
import type { Rows } from '@elbo/datasets';
import type { Batch } from '@elbo/objectives';
import { tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core';

/** Rows of a dataset as a minibatch on the device; the caller's. */
export function toBatch(rows: Rows, shape: Shape, where: string): Batch {
  const size = sizeOf(shape);
  const count = rows.x.length / size;
  if (!Number.isInteger(count) || count === 0)
    throw new DataError(
      `${where}: ${rows.x.length} values are no whole number of rows of shape [${shape.join(', ')}].`,
    );
  return {
    // tfjs-node would alias the caller's array; a dataset may hand out one that it writes again.
    x: tensor(rows.x.slice(), [count, ...shape], 'float32'),
    ...(rows.condition && {
      condition: tensor2d(
        rows.condition.slice(),
        [count, rows.condition.length / count],
        'float32',
      ),
    }),
    ...(rows.label && { label: tensor1d(Float32Array.from(rows.label), 'float32') }),
  };
}
