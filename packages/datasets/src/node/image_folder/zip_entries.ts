import { DataError } from '@elbo/core';
import { openRegular, reasonOf } from '@elbo/files';
import { isHidden, isImageName, type ImageFile } from './image_file.js';
import { readDirectory } from './zip_directory.js';

const entryMark = 0x02014b50;

/**
 * The files in a zip file that may be images, by their names, sorted.
 *
 * @throws DataError when it is no zip file, or its directory makes no sense.
 */
export async function imagesInZip(path: string): Promise<readonly ImageFile[]> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    const { bytes, entries } = await readDirectory(file, size);
    const found = [...entriesOf(bytes, entries)];
    const shown = found.filter(
      ({ path: name }) => isImageName(name) && !name.split('/').some(isHidden),
    );
    return shown.sort((a, b) => (a.path < b.path ? -1 : 1));
  } catch (error) {
    throw new DataError(`${path}: ${reasonOf(error)}.`, { cause: error });
  } finally {
    await file.close();
  }
}

/** The entries of a directory (APPNOTE.TXT 4.3.12). */
function* entriesOf(bytes: Uint8Array, count: number): Generator<ImageFile> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== entryMark)
      throw new DataError('its directory is corrupt');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) =>
      view.getUint16(at + place, true),
    ) as [number, number, number];
    const name = at + 46;
    const extra = bytes.subarray(name + nameLength, name + nameLength + extraLength);
    const [size, length, begin] = largeSizes(extra, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    const method = view.getUint16(at + 10, true);
    const crc = view.getUint32(at + 16, true);
    const flags = view.getUint16(at + 8, true);
    // Names are UTF-8 where a flag says so, and often where it does not.
    const path = new TextDecoder().decode(bytes.subarray(name, name + nameLength));
    at = name + nameLength + extraLength + commentLength;
    if (path.endsWith('/')) continue;
    const readable = (method === 0 || method === 8) && (flags & 1) === 0;
    yield {
      path: path.replaceAll('\\', '/'),
      size: size!,
      stamp: `${crc}`,
      packed: { at: begin!, length: length!, deflated: method === 8, crc, readable },
    };
  }
}

/** Sizes and places beyond 32 bits, which are told apart: unpacked, packed, and where it is, of these those that are (4.5.3). */
function largeSizes(extra: Uint8Array, given: readonly number[]): readonly number[] {
  if (!given.includes(0xffffffff)) return given;
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    return given.map((value) => {
      if (value !== 0xffffffff) return value;
      if (next + 8 > extra.length) throw new DataError('its directory is corrupt');
      const large = Number(view.getBigUint64(next, true));
      next += 8;
      return large;
    });
  }
  return given;
}
