import { DataError, FileError, safetensorsArrays, type SafetensorsType } from '@elbo/core';
import type { NumericArray } from './npy.js';
import { npyTypes, type NpyType } from './npy_types.js';

/** The types of both formats, by NumPy's codes; bfloat16 is not one of NumPy's. */
const codes: Readonly<Record<Exclude<SafetensorsType, 'BF16'>, string>> = {
  ...{ BOOL: 'b1', U8: 'u1', I8: 'i1', U16: 'u2', I16: 'i2', F16: 'f2' },
  ...{ U32: 'u4', I32: 'i4', F32: 'f4', U64: 'u8', I64: 'i8', F64: 'f8' },
};

/** The upper half of a float32. */
const brain: NpyType = {
  ...{ bytes: 2, floats: true, signed: true },
  read: (view, at, little) => {
    const bits = new DataView(new ArrayBuffer(4));
    bits.setUint16(0, view.getUint16(at, little));
    return bits.getFloat32(0);
  },
};

/**
 * Reads the arrays of a safetensors file by name. Bytes and booleans stay bytes; all others become float32, in which whole numbers are
 * exact up to 2²⁴. Those that `wanted` does not take are checked only.
 *
 * @throws DataError for a file that is not whole, or has types that are no numbers.
 */
export function parseSafetensors(
  bytes: Uint8Array,
  where: string,
  wanted: (name: string) => boolean = () => true,
): ReadonlyMap<string, NumericArray> {
  const found = new Map<string, NumericArray>();
  for (const [name, { type, shape, view }] of arraysOf(bytes, where)) {
    if (!wanted(name)) continue;
    const { bytes: width, floats, read } = type === 'BF16' ? brain : npyTypes[codes[type]]!;
    const size = view.byteLength / width;
    const isBytes = type === 'U8' || type === 'BOOL';
    const data = isBytes
      ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      : Float32Array.from({ length: size }, (_, i) => read(view, i * width, true));
    found.set(name, { shape, data, floats });
  }
  return found;
}

/** The names of the arrays in a file. */
export function namesInSafetensors(bytes: Uint8Array, where: string): readonly string[] {
  return [...arraysOf(bytes, where).keys()];
}

function arraysOf(bytes: Uint8Array, where: string) {
  try {
    return safetensorsArrays(bytes, where).arrays;
  } catch (error) {
    // It is data here, and no part of a run.
    if (error instanceof FileError) throw new DataError(error.message, { cause: error });
    throw error;
  }
}
