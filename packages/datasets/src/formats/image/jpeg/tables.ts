import { DataError } from '@elbo/core';

/** Where each coefficient in the order of the file belongs in its block (ITU-T T.81, figure A.6). */
export const zigzag: Uint8Array = Uint8Array.from(
  [
    [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5],
    [12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28],
    [35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51],
    [58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
  ].flat(),
);

/** Codes of at most so many bits are looked up at once. */
export const fastBits = 9;

/** A Huffman table, for `decodeSymbol`. */
export interface HuffmanTable {
  /** By the next `fastBits` bits: the length of the code times 256, with its symbol; 0 where the code is longer. */
  readonly fast: Uint16Array;
  /** By length: the code after the last. */
  readonly ends: Int32Array;
  /** By length: what a code lacks to the place of its symbol. */
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
}

/**
 * The table of codes of which `counts[i]` have i + 1 bits (annex C).
 *
 * @throws DataError when there are more codes than their lengths allow.
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const fast = new Uint16Array(2 ** fastBits);
  const ends = new Int32Array(17);
  const offsets = new Int32Array(17);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    offsets[length] = place - code;
    if (code + count > 2 ** length) throw new DataError('it is corrupt: it has a wrong table');
    if (length <= fastBits)
      for (let i = 0; i < count; i++) {
        const room = fastBits - length;
        fast.fill(length * 256 + symbols[place + i]!, (code + i) << room, (code + i + 1) << room);
      }
    code += count;
    place += count;
    ends[length] = code;
    code *= 2;
  }
  return { fast, ends, offsets, symbols };
}
