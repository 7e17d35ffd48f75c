import { DataError } from '@elbo/core';
import { openRegular, readWhole, reasonOf } from '@elbo/files';
import { join } from 'node:path';
import { crc32 } from '../../formats/image/crc32.js';
import type { Place } from '../place.js';
import type { ImageFile, PackedEntry } from './image_file.js';
import { inflateEntry } from './inflate.js';
import { readAt } from './read_at.js';

/** A folder or a zip file. */
export type ImageHome = Pick<Place, 'path' | 'kind'>;

/** Files beyond this are no photographs. */
const mostBytes = 2 ** 28;

const localMark = 0x04034b50;

/**
 * The bytes of a file in a folder or a zip file.
 *
 * @throws DataError that says why it cannot be read, in words that go on after its name.
 */
export async function readImageFile(
  { path: home }: ImageHome,
  { path, size, packed }: ImageFile,
): Promise<Uint8Array> {
  if (size > mostBytes) throw new DataError(`it has ${size} bytes, more than ${mostBytes}`);
  try {
    return packed
      ? await unpack(home, size, packed)
      : await readWhole(join(home, path), { size: mostBytes });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`it cannot be read (${reasonOf(error)})`, { cause: error });
  }
}

async function unpack(
  zip: string,
  size: number,
  { at, length, deflated, crc, readable }: PackedEntry,
): Promise<Uint8Array> {
  if (!readable) throw new DataError('it is encrypted, or packed in a way that is not read');
  if (length > mostBytes) throw new DataError(`it has ${length} bytes, more than ${mostBytes}`);
  const file = await openRegular(zip);
  try {
    const header = Buffer.from(await readAt(file, at, 30));
    if (header.readUInt32LE(0) !== localMark)
      throw new DataError('it is not where the zip file says');
    const begin = at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const bytes = await readAt(file, begin, length);
    const content = deflated ? inflateEntry(bytes, size) : bytes;
    if (content.length !== size || crc32(content) !== crc)
      throw new DataError('it is corrupt: its checksum differs');
    return content;
  } finally {
    await file.close();
  }
}
