import { reshape, sum, util, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { OperationError } from './errors.js';

/** Whether all tensors have one shape. */
export function sameShapes(first: Tensor, ...others: readonly Tensor[]): boolean {
  return others.every(({ shape }) => util.arraysEqual(shape, first.shape));
}

/** Fails unless all tensors have one shape. */
export function expectSameShapes(
  operation: string,
  tensors: Readonly<Record<string, Tensor>>,
): void {
  const [first, ...others] = Object.values(tensors);
  if (first && sameShapes(first, ...others)) return;
  const shapes = Object.entries(tensors).map(
    ([name, { shape }]) => `${name} [${shape.join(', ')}]`,
  );
  throw new OperationError(`${operation}: ${shapes.join(', ')} must have one shape.`);
}

/** Fails unless the tensor has a batch axis. */
export function expectBatch(operation: string, tensor: Tensor): void {
  if (tensor.rank > 0) return;
  throw new OperationError(`${operation}: expected a batch, [B, …], got a scalar.`);
}

/** The sum over all axes but the first: [B, …] to [B]. */
export function sumRows(x: Tensor): Tensor1D {
  return sum(x.rank === 2 ? x : reshape(x, [x.shape[0], -1]), 1);
}

/** A value a row, [B], with the rank of `like`, [B, 1, …]. */
export function perRow(values: Tensor, like: Tensor): Tensor {
  return reshape(values, [values.size, ...new Array<number>(like.rank - 1).fill(1)]);
}
