import { DataError, sizeOf, type Shape } from '@elbo/core';
import type { Rows } from '@elbo/datasets';
import { expectFinite, expectSupported, type Batch, type Model } from '@elbo/objectives';
import { tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core';

/**
 * Rows of a dataset as a minibatch on the device; the caller's. Every way in leads through here, so that what cannot be is
 * found before it becomes a number.
 *
 * @param model What its likelihood and terms are not of is refused.
 * @throws DataError that names the data, for lengths that do not fit, values that are not finite, and values or labels that
 * the model is not of.
 */
export function toBatch(rows: Rows, shape: Shape, where: string, model?: Model): Batch {
  const size = sizeOf(shape);
  const count = rows.x.length / size;
  if (!Number.isInteger(count) || count === 0)
    throw new DataError(
      `${where}: ${rows.x.length} values are not a whole number of rows of shape [${shape.join(', ')}].`,
    );
  if (model) expectSupported(model, rows, shape, where);
  else expectFinite(rows.x, count, where);
  if (rows.condition) expectFinite(rows.condition, count, `${where}, condition`);
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
