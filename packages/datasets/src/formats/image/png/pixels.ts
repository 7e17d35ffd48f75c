import { DataError } from '@elbo/core';
import { white } from '../image.js';
import type { PngHeader } from './header.js';

/** Writes a row of samples as bytes of pixels, from `at` on, each `apart` bytes after the one before. */
export type RowWriter = (
  samples: Uint8Array | Uint16Array,
  width: number,
  out: Uint8Array,
  at: number,
  apart: number,
) => void;

/** A value of `most` at most, seen through `alpha` of `most` over white, in 8 bits. */
function overWhite(value: number, alpha: number, most: number): number {
  return Math.round((white * (value * alpha + most * (most - alpha))) / (most * most));
}

/** Every colour of a palette over white, `[256, 3]`; `undefined` where a colour is missing. */
function paletteOf(palette: Uint8Array, alphas: Uint8Array | undefined): Uint8Array {
  const count = palette.length / 3;
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw new DataError('it is corrupt: its palette has a wrong length');
  return palette.map((value, i) => overWhite(value, alphas?.[Math.floor(i / 3)] ?? 255, 255));
}

/**
 * How samples become pixels: 16 bits are rounded to 8, fewer than 8 stretched to them, what is transparent is laid over
 * white.
 *
 * @param transparency what the tRNS chunk has.
 */
export function rowWriter(
  { depth, samples, palette: indexed, alpha }: PngHeader,
  palette: Uint8Array | undefined,
  transparency: Uint8Array | undefined,
): RowWriter {
  if (indexed) {
    if (!palette) throw new DataError('it is corrupt: it has no palette');
    return indexWriter(paletteOf(palette, transparency));
  }
  const most = 2 ** depth - 1;
  const colours = alpha ? samples - 1 : samples;
  const clear = alpha ? undefined : clearColour(transparency, colours);
  const isClear = (row: Uint8Array | Uint16Array, from: number): boolean =>
    clear?.every((value, c) => row[from + c] === value) ?? false;
  const eight = Uint8Array.from({ length: most + 1 }, (_, v) => Math.round((white * v) / most));
  return (row, width, out, at, apart) => {
    for (let x = 0; x < width; x++) {
      const [from, to] = [x * samples, at + x * apart];
      const opacity = alpha ? row[from + colours]! : isClear(row, from) ? 0 : most;
      for (let c = 0; c < colours; c++)
        out[to + c] =
          opacity === most ? eight[row[from + c]!]! : overWhite(row[from + c]!, opacity, most);
    }
  };
}

/** The colour that is transparent in images without alpha, of samples as they are stored. */
function clearColour(transparency: Uint8Array | undefined, colours: number): number[] | undefined {
  if (!transparency) return undefined;
  if (transparency.length !== 2 * colours)
    throw new DataError('it is corrupt: its transparent colour has a wrong length');
  return Array.from(
    { length: colours },
    (_, c) => transparency[2 * c]! * 256 + transparency[2 * c + 1]!,
  );
}

function indexWriter(palette: Uint8Array): RowWriter {
  const count = palette.length / 3;
  return (row, width, out, at, apart) => {
    for (let x = 0; x < width; x++) {
      const index = row[x]!;
      if (index >= count) throw new DataError('it is corrupt: a pixel is not in its palette');
      for (let c = 0; c < 3; c++) out[at + x * apart + c] = palette[3 * index + c]!;
    }
  };
}
