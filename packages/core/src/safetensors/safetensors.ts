import { FileError } from '../errors.js';
import { printable } from '../printable.js';
import { sizeOf, type Shape } from '../shapes.js';
import { fits } from './header.js';
import { maxHeaderBytes, prefixBytes, safetensorsArrays } from './arrays.js';

/** A named float32 array on the host. */
export interface HostTensor {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** The content of a safetensors file. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The bytes of a safetensors file (format 0.x of the `safetensors` library: a little-endian u64 header length, a JSON
 * header, then the raw values). Tensors lie in the order given, without gaps.
 *
 * @throws FileError for a name that the format keeps for itself or cannot hold, a shape that it cannot, and values that do not fill their
 * shape.
 *
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from '@elbo/core';
 *
 * const tensors = new Map([['w', { shape: [2], values: new Float32Array([1, 2]) }]]);
 * const bytes = encodeSafetensors({ tensors, metadata: {} });
 * console.log(decodeSafetensors(bytes, 'w.safetensors').tensors.get('w')?.shape); // [ 2 ]
 * ```
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const entries = [`"__metadata__":${JSON.stringify(metadata)}`];
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    if (name === '__metadata__' || /\p{Cs}/u.test(name))
      throw new FileError(`No tensor of a safetensors file can be named '${printable(name)}'.`);
    if (!fits(shape))
      throw new FileError(
        `Tensor '${printable(name)}' has the shape [${shape.join(', ')}], which no safetensors file can hold.`,
      );
    if (sizeOf(shape) !== values.length)
      throw new FileError(
        `Tensor '${printable(name)}' has ${values.length} values, but its shape takes ${sizeOf(shape)}.`,
      );
    const end = offset + values.byteLength;
    // By hand: as a key of an object, `__proto__` would be lost, and digits would come first; and JSON rounds sizes from 2⁵³ on.
    entries.push(
      `${JSON.stringify(name)}:{"dtype":"F32","shape":[${shape.map(BigInt).join(',')}],"data_offsets":[${offset},${end}]}`,
    );
    offset = end;
  }
  const json = new TextEncoder().encode(`{${entries.join(',')}}`);
  // Spaces up to a multiple of eight keep the values aligned, as the format asks.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  if (headerBytes > maxHeaderBytes)
    throw new FileError(
      `The names and shapes of ${tensors.size} tensors take ${headerBytes} bytes, more than the ${maxHeaderBytes} of a safetensors file.`,
    );
  const bytes = new Uint8Array(prefixBytes + headerBytes + offset);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, headerBytes, true);
  bytes.set(json, prefixBytes);
  bytes.fill(0x20, prefixBytes + json.length, prefixBytes + headerBytes);
  let at = prefixBytes + headerBytes;
  for (const { values } of tensors.values())
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  return bytes;
}

/**
 * Reads a safetensors file and checks all of it: lengths, types, shapes, that tensors neither overlap nor leave gaps. What the
 * `safetensors` library for Python refuses is refused, and of what it reads, float32 is read.
 *
 * @param where Names the file in errors.
 * @throws FileError that says what is wrong with which file.
 */
export function decodeSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const { arrays, metadata } = safetensorsArrays(bytes, where, ['F32']);
  const tensors = new Map<string, HostTensor>();
  for (const [name, { shape, view }] of arrays) {
    const values = new Float32Array(view.byteLength / 4);
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
    tensors.set(name, { shape, values });
  }
  return { tensors, metadata };
}
