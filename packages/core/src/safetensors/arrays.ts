import { FileError } from '../errors.js';
import { printable } from '../printable.js';
import { sizeOf, type Shape } from '../shapes.js';
import { parseHeader, type Entry, type Header } from './header.js';

export const prefixBytes = 8;
export const maxHeaderBytes = 100_000_000;

/** The bytes that a value of a type takes. */
const bytesOf = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

/** A type of values that whole bytes hold. */
export type SafetensorsType = keyof typeof bytesOf;

/** An array of a file as it lies there: little-endian, the last axis fastest. */
export interface SafetensorsArray {
  readonly type: SafetensorsType;
  readonly shape: Shape;
  /** Its values and nothing else. */
  readonly view: DataView;
}

/** By where they begin, then by where they end: an empty tensor lies before the one that begins where it does. */
function inOrder(a: Entry, b: Entry): number {
  return a.from - b.from || a.to - b.to;
}

/**
 * The arrays of a safetensors file by name, not copied, after all of the file was checked: lengths, types, shapes, that they neither
 * overlap nor leave gaps.
 *
 * @param where Names the file in errors.
 * @param types Those that are read; all by default.
 * @throws FileError that says what is wrong with which file.
 */
export function safetensorsArrays(
  bytes: Uint8Array,
  where: string,
  types: readonly SafetensorsType[] = Object.keys(bytesOf) as SafetensorsType[],
): { readonly arrays: ReadonlyMap<string, SafetensorsArray> } & Pick<Header, 'metadata'> {
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

  const arrays = new Map<string, SafetensorsArray>();
  let expected = 0;
  for (const { name, dtype, shape, from, to } of [...entries].sort(inOrder)) {
    const type =
      types.find((known) => known === dtype) ??
      fail(
        `tensor '${name}' has type ${dtype}, and only ${types.join(', ')} ${types.length > 1 ? 'are' : 'is'} read`,
      );
    const size = sizeOf(shape) * bytesOf[type];
    if (from !== expected) fail(`tensor '${name}' begins at ${from}, not at ${expected}`);
    if (to - from !== size)
      fail(
        `tensor '${name}' of shape [${shape.join(', ')}] should take ${size} bytes, not ${to - from}`,
      );
    if (begin + to > bytes.length)
      fail(`it ends ${begin + to - bytes.length} bytes before the end of tensor '${name}'`);
    const values = new DataView(bytes.buffer, bytes.byteOffset + begin + from, size);
    arrays.set(name, { type, shape, view: values });
    expected = to;
  }
  if (begin + expected !== bytes.length)
    fail(`${bytes.length - begin - expected} bytes follow the last tensor`);
  return { arrays, metadata };
}
