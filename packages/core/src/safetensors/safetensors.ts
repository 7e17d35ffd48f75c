import { FileError } from '../errors.js';
import { printable } from '../printable.js';
import { sizeOf, type Shape } from '../shapes.js';
import { fits, parseHeader, type Entry } from './header.js';

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

const prefixBytes = 8;
const maxHeaderBytes = 100_000_000;

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

/** By where they begin, then by where they end: an empty tensor lies before the one that begins where it does. */
function inOrder(a: Entry, b: Entry): number {
  return a.from - b.from || a.to - b.to;
}

/**
 * Reads a safetensors file and checks all of it: lengths, types, shapes, that tensors neither overlap nor leave gaps. What the
 * `safetensors` library for Python refuses is refused, and of what it reads, float32 is read.
 *
 * @param where Names the file in errors.
 * @throws FileError that says what is wrong with which file.
 */
export function decodeSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const fail = (what: string): never => {
    throw new FileError(
      `${where} is not a whole safetensors file: ${printable(what)}. Use another copy of it.`,
    );
  };
  if (bytes.length < prefixBytes)
    fail(`it has ${bytes.length} bytes, fewer than its header's length takes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const begin = prefixBytes + headerBytes;
  if (headerBytes > maxHeaderBytes || begin > bytes.length)
    fail(`its header should take ${headerBytes} bytes, and ${bytes.length - prefixBytes} follow`);
  const { entries, metadata } = parseHeader(bytes.subarray(prefixBytes, begin), fail);

  const tensors = new Map<string, HostTensor>();
  let expected = 0;
  for (const { name, dtype, shape, from, to } of [...entries].sort(inOrder)) {
    const size = sizeOf(shape) * 4;
    if (dtype !== 'F32') fail(`tensor '${name}' has type ${dtype}, and only F32 is read`);
    if (from !== expected) fail(`tensor '${name}' begins at ${from}, not at ${expected}`);
    if (to - from !== size)
      fail(
        `tensor '${name}' of shape [${shape.join(', ')}] should take ${size} bytes, not ${to - from}`,
      );
    if (begin + to > bytes.length)
      fail(`it ends ${begin + to - bytes.length} bytes before the end of tensor '${name}'`);
    const values = new Float32Array((to - from) / 4);
    for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(begin + from + 4 * i, true);
    tensors.set(name, { shape, values });
    expected = to;
  }
  if (begin + expected !== bytes.length)
    fail(`${bytes.length - begin - expected} bytes follow the last tensor`);
  return { tensors, metadata };
}
