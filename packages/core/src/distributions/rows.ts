import type { Tensor } from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors.js';
import { formatShape, repeatBatch, sameShape, type Shape } from '../shapes.js';

/**
 * How many values x `[K · B, …]` holds for each of the B distributions whose parameters have the shape `[B, …]`: K.
 *
 * @throws ShapeError that names `where` when x does not fit.
 */
export function valuesPerRow(
  x: Tensor,
  parameters: { readonly shape: Shape },
  where: string,
): number {
  const [rows = 0, ...shape] = parameters.shape;
  const count = x.shape[0] / rows;
  if (Number.isInteger(count) && count > 0 && sameShape(x.shape.slice(1), shape)) return count;
  throw new ShapeError(
    `${where}: expected values of shape [K · ${rows}, ${shape.join(', ')}] for a whole K, got ${formatShape(x.shape)}.`,
  );
}

/**
 * The parameters `[B, …]` of B distributions, repeated to go with values x `[K · B, …]`, sample-major.
 *
 * @throws ShapeError that names `where` when x does not fit.
 */
export function parametersFor<T extends Tensor>(x: Tensor, parameters: T, where: string): T {
  const count = valuesPerRow(x, parameters, where);
  return count === 1 ? parameters : repeatBatch(parameters, count);
}

/**
 * Fails unless the parameters of a distribution have one shape.
 *
 * @throws ShapeError that names `where`.
 */
export function expectSameShape(a: Tensor, b: Tensor, where: string): void {
  if (sameShape(a.shape, b.shape)) return;
  throw new ShapeError(
    `${where}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} should be equal.`,
  );
}
