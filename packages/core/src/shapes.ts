import { add, reshape, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { ShapeError } from './errors.js';

/** Sizes of a value's axes, without the batch axis unless said otherwise. */
export type Shape = readonly number[];

/** The number of elements of a shape; 1 for `[]`. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, n) => size * n, 1);
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** `[28, 28, 1]` as text. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/**
 * Fails unless `tensor` is a batch of `shape`.
 *
 * @throws ShapeError that names `where`.
 */
export function expectBatchOf(tensor: Tensor, shape: Shape, where: string): void {
  if (sameShape(tensor.shape.slice(1), shape) && tensor.rank > 0) return;
  throw new ShapeError(
    `${where}: expected a batch of shape [${['B', ...shape].join(', ')}], got ${formatShape(tensor.shape)}.`,
  );
}

/** `[B, …]` as `[B, n]`: a tensor of its own, of the same data. */
export function flattenBatch(tensor: Tensor): Tensor2D {
  return reshape(tensor, [tensor.shape[0], sizeOf(tensor.shape.slice(1))]);
}

/**
 * `[B, …]` as `[B, n]` for what is not to be disposed: itself where rows are vectors, as a reshape to the same shape is an
 * operation and a gradient all the same.
 */
export function asVectors(tensor: Tensor): Tensor2D {
  return tensor.rank === 2 ? (tensor as Tensor2D) : flattenBatch(tensor);
}

/**
 * `[B, …]` as `[samples · B, …]`, sample-major: the whole batch, `samples` times over.
 *
 * It broadcasts rather than tiles, as the gradient of a tile takes a slice and a sum for each copy. Temporaries are the
 * enclosing scope's.
 */
export function repeatBatch<T extends Tensor>(tensor: T, samples: number): T {
  const [rows = 1, ...shape] = tensor.shape;
  const repeated = add(reshape(tensor, [1, tensor.size]), zeros([samples, 1]));
  return reshape(repeated, [samples * rows, ...shape]) as T;
}
