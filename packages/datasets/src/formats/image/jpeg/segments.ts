import { DataError } from '@elbo/core';

/** A marker of a JPEG file, and what it is followed by. */
export interface Segment {
  /** The byte behind 0xFF. */
  readonly marker: number;
  /** What belongs to it, without its length. */
  readonly data: Uint8Array;
  /** Where it ends, in the file. */
  readonly end: number;
}

export const markers = {
  huffman: 0xc4,
  start: 0xd8,
  end: 0xd9,
  scan: 0xda,
  quantisation: 0xdb,
  lines: 0xdc,
  restartInterval: 0xdd,
  exif: 0xe1,
  adobe: 0xee,
} as const;

/** Whether a marker stands alone. */
const alone = (marker: number): boolean =>
  marker === 0x01 || marker === markers.start || marker === markers.end;

/**
 * The next marker from a place on. Bytes before it are passed over, as writers leave some.
 *
 * @throws DataError when the file ends before.
 */
export function nextSegment(bytes: Uint8Array, from: number): Segment {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) throw new DataError('it is cut short');
    const marker = bytes[at + 1]!;
    // Stuffing of a scan, fill bytes, and restarts.
    if (marker === 0xff || marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) {
      at++;
      continue;
    }
    if (alone(marker)) return { marker, data: bytes.subarray(at + 2, at + 2), end: at + 2 };
    const length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw new DataError('it is cut short or corrupt');
    return { marker, data: bytes.subarray(at + 4, end), end };
  }
}
