import { canvas, defaultScale, imagesOf } from './canvas.js';

/** What an array of images holds, and how to arrange them. */
export interface GridOptions {
  /** The number of images. */
  readonly count: number;
  /** The shape of one, [height, width] or [height, width, channels] with 1 or 3 channels. */
  readonly shape: readonly number[];
  /** Images a row; by default about as many as there are rows. */
  readonly columns?: number;
  /** Picture pixels for the side of a value; by default, small images are enlarged to about 80 pixels. */
  readonly scale?: number;
  /** Space between and around images, in picture pixels: 4 by default. */
  readonly margin?: number;
}

/** Space between tiles, in picture pixels. */
const margin = 4;

/** The bytes of a picture of images in a grid before it is compressed, to know before images are made. */
export function pictureBytes(
  count: number,
  [height = 0, width = 0, channels = 1]: readonly number[],
): number {
  const scale = defaultScale({ height, width });
  return count * (height * scale + margin) * (width * scale + margin) * (channels + 1);
}

/**
 * A PNG file with images side by side, row by row, on a transparent ground.
 *
 * @param images Values in [0, 1], [count, height, width, channels] flattened; those outside are clamped.
 * @throws ShapeError when the values do not make that many images; NumericalError when one is NaN.
 *
 * @example
 * ```ts
 * import { grid } from '@elbo/report';
 *
 * const images = new Float32Array(9 * 4 * 4).map((_, i) => (i % 16) / 15);
 * const png = grid(images, { count: 9, shape: [4, 4], columns: 3 });
 * console.log(String.fromCharCode(...png.subarray(1, 4))); // PNG
 * ```
 */
export function grid(images: Float32Array, options: GridOptions): Uint8Array {
  const tiles = imagesOf(images, options.count, options.shape);
  const columns = Math.min(options.columns ?? Math.ceil(Math.sqrt(tiles.count)), tiles.count);
  const scale = options.scale ?? defaultScale(tiles);
  const space = options.margin ?? margin;
  const across = tiles.width * scale + space;
  const down = tiles.height * scale + space;
  const rows = Math.ceil(tiles.count / columns);
  const picture = canvas(columns * across + space, rows * down + space, tiles.channels);
  for (let i = 0; i < tiles.count; i++) {
    const left = space + (i % columns) * across;
    picture.draw(tiles, i, left, space + Math.floor(i / columns) * down, scale);
  }
  return picture.png();
}

/**
 * A PNG file that shows each original with its reconstruction right below it, in bands with space between.
 *
 * @param originals Values in [0, 1], [count, height, width, channels] flattened.
 * @param reconstructions As many.
 * @throws ShapeError when the values do not make that many images; NumericalError when one is NaN.
 */
export function pairGrid(
  originals: Float32Array,
  reconstructions: Float32Array,
  options: GridOptions,
): Uint8Array {
  const above = imagesOf(originals, options.count, options.shape);
  const below = imagesOf(reconstructions, options.count, options.shape);
  const columns = Math.min(options.columns ?? Math.min(10, above.count), above.count);
  const scale = options.scale ?? defaultScale(above);
  const across = above.width * scale + margin;
  const tile = above.height * scale;
  // One pixel joins a pair; four margins part it from the next band.
  const down = 2 * tile + 1 + 4 * margin;
  const rows = Math.ceil(above.count / columns);
  const height = margin + rows * down - 3 * margin;
  const picture = canvas(columns * across + margin, height, above.channels);
  for (let i = 0; i < above.count; i++) {
    const left = margin + (i % columns) * across;
    const top = margin + Math.floor(i / columns) * down;
    picture.draw(above, i, left, top, scale);
    picture.draw(below, i, left, top + tile + 1, scale);
  }
  return picture.png();
}
