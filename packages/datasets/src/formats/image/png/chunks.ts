import { DataError } from '@elbo/core';
import { crc32 } from '../crc32.js';

/** A piece of a PNG file. */
export interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const signature = 8;

/** What may be left out of account; the other types that are not known say how to decode. */
const ancillary = /^[a-z]/;

/** The chunks that are read beside the critical ones. */
const used = ['tRNS', 'eXIf'];

/**
 * The chunks of a PNG file that say what its image is, up to its end.
 *
 * @param check whether to compute their checksums, which takes the time of reading all.
 * @throws DataError when it is cut short, or a chunk is corrupt.
 */
export function* chunksOf(bytes: Uint8Array, check: boolean): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const letters = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  for (let at = signature; ;) {
    if (at + 12 > bytes.length) throw cutShort();
    const length = view.getUint32(at);
    const type = letters(at + 4);
    const end = at + 8 + length;
    if (!/^[A-Za-z]{4}$/.test(type)) throw new DataError('it is corrupt: a chunk has no type');
    if (end + 4 > bytes.length) throw cutShort();
    if (!ancillary.test(type) || used.includes(type)) {
      if (check && crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end))
        throw new DataError(`it is corrupt: the checksum of its ${type} differs`);
      yield { type, data: bytes.subarray(at + 8, end) };
    }
    if (type === 'IEND') return;
    at = end + 4;
  }
}

const cutShort = (): DataError => new DataError('it is cut short');
