import { CompositionError } from '@elbo/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isOfRows, type Constant, type Dims, type DType } from './graph.js';

/** The arrays of each type. A cast may have left the numbers in those of another. */
const arrays = {
  float32: (values: ArrayLike<number>) => Float32Array.from(values),
  int32: (values: ArrayLike<number>) => Int32Array.from(values),
  bool: (values: ArrayLike<number>) => Uint8Array.from(values),
};

/** The numbers of a tensor. */
export async function constantOf(tensor: Tensor): Promise<Constant> {
  const dtype = tensor.dtype as DType;
  const values = await tensor.data<'float32'>();
  return { shape: [...tensor.shape], dtype, values: arrays[dtype](values) };
}

/**
 * One row of a constant that has as many as there are rows, all alike: such as zeros.
 *
 * @throws CompositionError where they are not.
 */
export async function rowsAlike(
  shape: Dims,
  first: Tensor,
  second: Tensor,
  part: string,
): Promise<Constant> {
  const few = await constantOf(first);
  const more = await constantOf(second);
  const row = shape.map((dim) => (isOfRows(dim) ? 1 : dim));
  const size = row.reduce((all, dim) => all * dim, 1);
  const own = few.values.slice(0, size);
  const leading = shape.every((dim, axis) => !isOfRows(dim) || axis === 0);
  // All values alike: it does not matter which axes the rows are.
  const flat = [few, more].every(({ values }) => values.every((value) => value === own[0]));
  const alike =
    leading && [few, more].every(({ values }) => values.every((v, i) => v === own[i % size]));
  if (flat || alike) return { shape: row, dtype: few.dtype, values: own };
  throw new CompositionError(
    `The ${part} cannot be exported: it holds numbers for each row, [${few.shape.join(', ')}] of ${few.shape[0]} rows, that differ between rows.`,
  );
}
