import type { Image } from '../image.js';
import type { BlockSide } from './basis.js';
import type { Frame } from './frame.js';
import type { Plane } from './plane.js';

/** How three or four components are a colour. */
export type ColourModel = 'grey' | 'rgb' | 'ycc' | 'cmyk' | 'ycck';

/** A plane's values for a row of the image's pixels. */
type RowOf = (y: number) => ArrayLike<number>;

/**
 * Reads rows of a plane as rows of the image: between the samples where it has fewer, each of which lies in the middle of its
 * pixels.
 *
 * @param across,down the plane's samples for each pixel.
 */
function rowsOf(plane: Plane, width: number, across: number, down: number): RowOf {
  const { samples, stride } = plane;
  if (across === 1 && down === 1) return (y) => samples.subarray(y * stride, y * stride + width);
  const place = (i: number, each: number, count: number): number =>
    Math.min(Math.max((i + 0.5) * each - 0.5, 0), count - 1);
  const lefts = new Int32Array(width);
  const shares = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const at = place(x, across, plane.width);
    lefts[x] = Math.min(Math.floor(at), Math.max(0, plane.width - 2));
    shares[x] = at - lefts[x]!;
  }
  const line = new Float32Array(plane.width + 1);
  const out = new Float32Array(width);
  return (y) => {
    const at = place(y, down, plane.height);
    const top = Math.floor(at);
    const share = at - top;
    const upper = top * stride;
    const lower = Math.min(top + 1, plane.height - 1) * stride;
    for (let x = 0; x < plane.width; x++)
      line[x] = samples[upper + x]! * (1 - share) + samples[lower + x]! * share;
    line[plane.width] = line[plane.width - 1]!;
    for (let x = 0; x < width; x++) {
      const left = lefts[x]!;
      out[x] = line[left]! + (line[left + 1]! - line[left]!) * shares[x]!;
    }
    return out;
  };
}

/** Rounded to a byte by a Uint8ClampedArray, which is what it is stored in. */
type PutPixel = (out: Uint8ClampedArray, at: number, values: readonly number[]) => void;

const putYcc: PutPixel = (out, at, [y = 0, cb = 0, cr = 0]) => {
  out[at] = y + 1.402 * (cr - 128);
  out[at + 1] = y - 0.344136286 * (cb - 128) - 0.714136286 * (cr - 128);
  out[at + 2] = y + 1.772 * (cb - 128);
};

/** Inks are stored as what they leave white, as Adobe's programs began to do; each lets through a share of the black's. */
const putCmyk: PutPixel = (out, at, [c = 0, m = 0, y = 0, k = 0]) => {
  out[at] = (c * k) / 255;
  out[at + 1] = (m * k) / 255;
  out[at + 2] = (y * k) / 255;
};

const put: Readonly<Record<ColourModel, PutPixel>> = {
  grey: (out, at, [y = 0]) => {
    out[at] = y;
  },
  rgb: (out, at, [r = 0, g = 0, b = 0]) => {
    out[at] = r;
    out[at + 1] = g;
    out[at + 2] = b;
  },
  ycc: putYcc,
  cmyk: putCmyk,
  ycck: (out, at, values) => {
    putYcc(out, at, values);
    putCmyk(out, at, [255 - out[at]!, 255 - out[at + 1]!, 255 - out[at + 2]!, values[3]!]);
  },
};

/** The image that planes make. */
export function assembled(
  frame: Frame,
  planes: ReadonlyMap<number, Plane>,
  side: BlockSide,
  model: ColourModel,
): Image {
  const width = Math.ceil((frame.width * side) / 8);
  const height = Math.ceil((frame.height * side) / 8);
  const channels = model === 'grey' ? 1 : 3;
  const out = new Uint8ClampedArray(width * height * channels);
  const rows = frame.components.map(({ id, h, v }) => {
    const plane = planes.get(id)!;
    const across = (h * plane.across) / (frame.maxH * side);
    return rowsOf(plane, width, across, (v * plane.down) / (frame.maxV * side));
  });
  const values = rows.map(() => 0);
  for (let y = 0; y < height; y++) {
    const lines = rows.map((row) => row(y));
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < lines.length; c++) values[c] = lines[c]![x]!;
      put[model](out, (y * width + x) * channels, values);
    }
  }
  return { width, height, channels, data: new Uint8Array(out.buffer) };
}
