import type { Image } from './image.js';

/** A part of an image, in its pixels; the edges may lie within pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which source pixels make a pixel: from `first` on, with weights that sum to 1. */
interface Mix {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * The pixels of one axis. To make it shorter, each is the mean of what it covers; to make it longer, it lies between the
 * two nearest.
 */
function mixes(begin: number, length: number, limit: number, count: number): readonly Mix[] {
  const step = length / count;
  return Array.from({ length: count }, (_, i) =>
    step >= 1
      ? covered(begin + i * step, begin + (i + 1) * step, limit)
      : between(begin + (i + 0.5) * step - 0.5, limit),
  );
}

function covered(from: number, to: number, limit: number): Mix {
  const first = Math.min(Math.floor(from + 1e-9), limit - 1);
  const last = Math.min(Math.max(Math.ceil(to - 1e-9), first + 1), limit);
  const weights = Float64Array.from({ length: last - first }, (_, i) =>
    Math.max(0, Math.min(to, first + i + 1) - Math.max(from, first + i)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { first, weights: weights.map((weight) => weight / total) };
}

function between(place: number, limit: number): Mix {
  const inside = Math.min(Math.max(place, 0), limit - 1);
  const first = Math.floor(inside);
  const far = inside - first;
  return { first, weights: far === 0 ? Float64Array.of(1) : Float64Array.of(1 - far, far) };
}

/**
 * A part of an image in another size, by the mean of the area that each pixel covers (and between pixels, where it grows),
 * rounded once.
 */
export function resized(
  { width, height, channels, data }: Image,
  region: Region,
  to: { readonly width: number; readonly height: number },
): Image {
  const columns = mixes(region.left, region.width, width, to.width);
  const rows = mixes(region.top, region.height, height, to.height);
  const begin = columns[0]!.first;
  const last = columns.at(-1)!;
  const span = (last.first + last.weights.length - begin) * channels;
  const line = new Float64Array(span);
  const out = new Uint8Array(to.width * to.height * channels);
  rows.forEach(({ first, weights }, y) => {
    line.fill(0);
    weights.forEach((weight, i) => {
      const from = ((first + i) * width + begin) * channels;
      for (let x = 0; x < span; x++) line[x]! += weight * data[from + x]!;
    });
    columns.forEach((column, x) => {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        const from = (column.first - begin) * channels + c;
        for (let i = 0; i < column.weights.length; i++)
          sum += column.weights[i]! * line[from + i * channels]!;
        out[(y * to.width + x) * channels + c] = Math.round(sum);
      }
    });
  });
  return { width: to.width, height: to.height, channels, data: out };
}
