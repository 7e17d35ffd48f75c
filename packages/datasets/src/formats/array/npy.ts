import { DataError } from '@elbo/core';
import { npyHeader } from './npy_header.js';
import { npyTypes } from './npy_types.js';

/** An array of numbers: bytes as they are, all others as float32. */
export interface NumericArray {
  readonly shape: readonly number[];
  /** The last axis fastest. */
  readonly data: Uint8Array | Float32Array;
  /** Whether the numbers were floats in the file; whole numbers may be labels. */
  readonly floats: boolean;
}

/**
 * Reads a file of NumPy's format .npy: any type of real numbers, in either order of bytes and of axes. Bytes and booleans
 * stay bytes; all others become float32, in which whole numbers are exact up to 2²⁴.
 *
 * @param where what errors call the bytes, such as the file's path.
 * @throws DataError for what is not exactly one such array.
 *
 * Source: NumPy's NEP 1, "A simple file format for NumPy arrays".
 */
export function parseNpy(bytes: Uint8Array, where: string): NumericArray {
  const { descr, fortran, shape, begin } = npyHeader(bytes, where);
  const type = npyTypes[descr.slice(1)];
  if (!type || !/^[<>|=]/.test(descr))
    throw new DataError(
      `${where}: its elements are of NumPy's type '${descr}', which are no real numbers. Save it as numbers: array.astype('float32').`,
    );
  const size = shape.reduce((product, n) => product * n, 1);
  const found = bytes.length - begin;
  const expected = size * type.bytes;
  if (found !== expected)
    throw new DataError(
      `${where}: its header says ${shape.join(' × ')} elements of ${type.bytes} bytes, ${expected} in all, but there are ${found}: it is ${found < expected ? 'cut short' : 'corrupt'}. Save or copy it again.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset + begin, expected);
  const little = !descr.startsWith('>');
  const data = type.floats || type.bytes > 1 || type.signed ? new Float32Array(size) : undefined;
  if (data) for (let i = 0; i < size; i++) data[i] = type.read(view, i * type.bytes, little);
  const values = data ?? bytes.subarray(begin);
  return {
    shape,
    data: fortran ? lastAxisFastest(values, shape) : values,
    floats: type.floats,
  };
}

/** The elements of an array in Fortran's order, the first axis fastest, in the other one. */
function lastAxisFastest<T extends Uint8Array | Float32Array>(
  data: T,
  shape: readonly number[],
): T {
  const out = data.slice() as T;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const at = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis]!++;
      from += strides[axis]!;
      if (at[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
  return out;
}
