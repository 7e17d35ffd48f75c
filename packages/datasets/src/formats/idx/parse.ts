import { DataError } from '@elbo/core';

/** An array of unsigned bytes, as an IDX file holds it. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** The bytes, last axis fastest: a view of the file's. */
  readonly data: Uint8Array;
}

/** The element types of the format, by their codes. */
const types: Readonly<Record<number, string>> = {
  0x08: 'unsigned bytes',
  0x09: 'signed bytes',
  0x0b: '16-bit integers',
  0x0c: '32-bit integers',
  0x0d: '32-bit floats',
  0x0e: '64-bit floats',
};

const mostAxes = 4;
const again = 'Download or copy it again';

/** Whether bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Reads an IDX file of unsigned bytes, the format of MNIST and its kin: two zero bytes, the element type, the number
 * of axes, their sizes as big-endian 32-bit numbers, and the elements.
 *
 * @param where what errors call the bytes, such as the file's path.
 * @throws DataError for anything that is not exactly one such array.
 */
export function parseIdx(bytes: Uint8Array, where: string): IdxArray {
  if (isGzip(bytes))
    throw new DataError(`${where}: this is gzip; decompress it first, or read it with readIdx.`);
  if (bytes.length < 4)
    throw new DataError(
      `${where}: it has ${bytes.length} bytes and no IDX header, so it was cut short. ${again}.`,
    );
  const [zero0, zero1, type, axes] = bytes as unknown as [number, number, number, number];
  if (zero0 !== 0 || zero1 !== 0)
    throw new DataError(
      `${where}: this is not an IDX file, because it does not begin with two zero bytes${likeness(bytes)}. Give an IDX file, such as train-images-idx3-ubyte.`,
    );
  if (type !== 0x08)
    throw new DataError(
      `${where}: its elements are ${types[type] ?? `of the unknown type 0x${hex(type)}`}; only unsigned bytes (0x08) can be read. Convert it, or, if it should hold bytes, it is corrupt.`,
    );
  if (axes < 1 || axes > mostAxes)
    throw new DataError(
      `${where}: its header gives ${axes} axes; files of labels have 1, of images 3 or 4. It is corrupt. ${again}.`,
    );
  const header = 4 + 4 * axes;
  if (bytes.length < header)
    throw new DataError(
      `${where}: it has ${bytes.length} bytes, less than its header of ${header}, so it was cut short. ${again}.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = shape.reduce((size, n) => size * n, 1);
  const found = bytes.length - header;
  const sizes = `its header says ${shape.join(' × ')} = ${expected} bytes of data`;
  if (expected === 0) throw new DataError(`${where}: ${sizes}: it is empty or corrupt. ${again}.`);
  if (found < expected)
    throw new DataError(
      `${where}: ${sizes}, but there are ${found}: it was cut short, or its header is corrupt. ${again}.`,
    );
  if (found > expected)
    throw new DataError(
      `${where}: ${sizes}, but there are ${found}: ${found - expected} too many, so it is corrupt. ${again}.`,
    );
  return { shape, data: bytes.subarray(header) };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** What a file that is no IDX file looks like; never what is in it, for it may be any file of this machine. */
function likeness([first = 0, second = 0]: Uint8Array): string {
  const begins = String.fromCharCode(first, second);
  if (begins.startsWith('<')) return ' (it looks like a web page)';
  if (begins === 'PK') return ' (it looks like a ZIP archive)';
  if (first === 0x89 && second === 0x50) return ' (it looks like a PNG image)';
  return '';
}

/** The bytes of a file as its header, `bytes` being its beginning, says they are; `undefined` of what is no IDX file. */
export function claimedLength(bytes: Uint8Array): number | undefined {
  const axes = bytes[3] ?? 0;
  const header = 4 + 4 * axes;
  if (bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 0x08 || axes < 1 || axes > mostAxes)
    return undefined;
  if (bytes.length < header) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size = 1;
  for (let i = 0; i < axes; i++) size *= view.getUint32(4 + 4 * i);
  return header + size;
}
