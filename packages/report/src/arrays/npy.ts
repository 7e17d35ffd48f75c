import { sizeOf, ShapeError, type Shape } from '@elbo/core';

/** NumPy's words for the types of numbers. */
const types = [
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
  [Int32Array, '<i4'],
] as const;

/**
 * An array as the bytes of a `.npy` file (version 1.0 of the format: magic, a header that says type and shape, padded to 64 bytes,
 * then the values, little-endian, row after row), for `numpy.load`.
 *
 * @throws ShapeError when the values do not fill the shape.
 *
 * @example
 * ```ts
 * import { npy } from '@elbo/report';
 *
 * const bytes = npy(new Float32Array(6), [2, 3]);
 * console.log(bytes.length, new TextDecoder().decode(bytes.slice(10, 63)));
 * // 152 {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)
 * ```
 */
export function npy(values: Float32Array | Float64Array | Int32Array, shape: Shape): Uint8Array {
  if (sizeOf(shape) !== values.length)
    throw new ShapeError(
      `npy: ${values.length} values do not fill the shape [${shape.join(', ')}].`,
    );
  const [, descr] = types.find(([type]) => values instanceof type)!;
  // A tuple of one has a comma behind it.
  const tuple = shape.length === 1 ? `${shape[0]!},` : shape.join(', ');
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const before = 10;
  const padded = header.padEnd(Math.ceil((before + header.length + 1) / 64) * 64 - before - 1);
  const begin = before + padded.length + 1;
  const size = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(begin + values.length * size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  view.setUint16(8, padded.length + 1, true);
  bytes.set(new TextEncoder().encode(`${padded}\n`), before);
  const at = (i: number): number => begin + i * size;
  if (values instanceof Float32Array)
    values.forEach((value, i) => {
      view.setFloat32(at(i), value, true);
    });
  else if (values instanceof Float64Array)
    values.forEach((value, i) => {
      view.setFloat64(at(i), value, true);
    });
  else
    values.forEach((value, i) => {
      view.setInt32(at(i), value, true);
    });
  return bytes;
}
