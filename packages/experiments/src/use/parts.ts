import type { Tensor } from '@tensorflow/tfjs-core';

/** Whether rows of a dataset can be shown as images. */
export function isImages(shape: readonly number[]): boolean {
  return shape.length === 3 && (shape[2] === 1 || shape[2] === 3);
}

/** The values of a tensor, which is freed. */
async function valuesOf(tensor: Tensor): Promise<Float32Array> {
  try {
    return await tensor.data<'float32'>();
  } finally {
    tensor.dispose();
  }
}

/** Rows that are made together at most: what a network needs for one may be a thousand times the image. */
export const together = 500;

/** Values that are made together: half a gigabyte where a network holds 64 of them for each. */
const valuesTogether = 2 ** 21;

/** Values of `count` images of `size` numbers, made in parts. */
export async function inParts(
  count: number,
  size: number,
  make: (first: number, part: number) => Tensor,
): Promise<Float32Array> {
  const all = new Float32Array(count * size);
  const each = Math.max(1, Math.min(together, Math.floor(valuesTogether / size)));
  for (let first = 0; first < count; first += each)
    all.set(await valuesOf(make(first, Math.min(each, count - first))), first * size);
  return all;
}
