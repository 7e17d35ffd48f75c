import type { PngHeader } from './header.js';

/** Pixels that are stored together: every `stepX`th of every `stepY`th row, from the first on. */
export interface Pass {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly width: number;
  readonly height: number;
  /** Bytes of a row, without the one that names its filter. */
  readonly rowBytes: number;
}

/** Adam7's passes: left, top, and the steps (PNG specification, section 8.2). */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** How the pixels of an image are stored, one pass after the other. */
export function passesOf({ width, height, depth, samples, interlaced }: PngHeader): Pass[] {
  const places = interlaced ? adam7 : ([[0, 0, 1, 1]] as const);
  return places.flatMap(([left, top, stepX, stepY]) => {
    const across = Math.ceil((width - left) / stepX);
    const down = Math.ceil((height - top) / stepY);
    if (across <= 0 || down <= 0) return [];
    const rowBytes = Math.ceil((across * samples * depth) / 8);
    return [{ left, top, stepX, stepY, width: across, height: down, rowBytes }];
  });
}

/** The bytes of all passes, with a byte for the filter of each row. */
export function storedBytes(passes: readonly Pass[]): number {
  return passes.reduce((sum, { height, rowBytes }) => sum + height * (1 + rowBytes), 0);
}
