import type { Image } from './image.js';

/**
 * Whether an image shows a colour that is no grey.
 *
 * @param rounding channels that differ by no more are one grey.
 */
export function isColoured({ channels, data }: Image, rounding: number): boolean {
  if (channels === 1) return false;
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
    if (Math.max(r, g, b) - Math.min(r, g, b) > rounding) return true;
  }
  return false;
}

/** The luma of Rec. 601, whose weights sum to 1: grey stays as it is. */
export function greyOf({ width, height, channels, data }: Image): Image {
  if (channels === 1) return { width, height, channels, data };
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++)
    grey[i] = Math.round(
      0.299 * data[3 * i]! + 0.587 * data[3 * i + 1]! + 0.114 * data[3 * i + 2]!,
    );
  return { width, height, channels: 1, data: grey };
}

/** An image with three channels, which are equal where it is grey. */
export function colouredOf({ width, height, channels, data }: Image): Image {
  if (channels === 3) return { width, height, channels, data };
  const coloured = new Uint8Array(3 * data.length);
  data.forEach((value, i) => coloured.fill(value, 3 * i, 3 * i + 3));
  return { width, height, channels: 3, data: coloured };
}
