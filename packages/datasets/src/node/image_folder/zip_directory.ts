import { DataError } from '@elbo/core';
import type { FileHandle } from 'node:fs/promises';
import { readAt } from './read_at.js';

/** What the end of a zip file says of its directory (APPNOTE.TXT 4.3.16, and 4.3.14 for large ones). */
interface Directory {
  readonly at: number;
  readonly length: number;
  readonly entries: number;
}

/** A directory beyond this is no list of images. */
const mostBytes = 2 ** 28;

const endMark = 0x06054b50;
const end64Mark = 0x06064b50;
const locatorMark = 0x07064b50;

const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Finds the directory of a zip file, and gives its bytes.
 *
 * @throws DataError when there is none.
 */
export async function readDirectory(
  file: FileHandle,
  size: number,
): Promise<{ readonly bytes: Uint8Array; readonly entries: number }> {
  // The end may be followed by a comment of at most 65,535 bytes.
  const length = Math.min(size, 22 + 0xffff);
  const tail = await readAt(file, size - length, length);
  const { at, length: own, entries } = await directoryOf(file, tail, size);
  if (own > mostBytes || at + own > size) throw broken();
  return { bytes: await readAt(file, at, own), entries };
}

async function directoryOf(file: FileHandle, tail: Uint8Array, size: number): Promise<Directory> {
  const bytes = view(tail);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (bytes.getUint32(at, true) !== endMark) continue;
    const found = {
      entries: bytes.getUint16(at + 10, true),
      length: bytes.getUint32(at + 12, true),
      at: bytes.getUint32(at + 16, true),
    };
    const large =
      found.entries === 0xffff || found.length === 0xffffffff || found.at === 0xffffffff;
    return large && at >= 20 && bytes.getUint32(at - 20, true) === locatorMark
      ? largeDirectory(file, Number(bytes.getBigUint64(at - 12, true)), size)
      : found;
  }
  throw broken();
}

async function largeDirectory(file: FileHandle, at: number, size: number): Promise<Directory> {
  if (at + 56 > size) throw broken();
  const end = view(await readAt(file, at, 56));
  if (end.getUint32(0, true) !== end64Mark) throw broken();
  const [entries, length, begin] = [32, 40, 48].map((place) =>
    Number(end.getBigUint64(place, true)),
  );
  return { entries: entries!, length: length!, at: begin! };
}

const broken = (): DataError =>
  new DataError('it is no whole zip file: its directory is not found');
