import { white, type Image } from './image.js';
import { resized, type Region } from './resize.js';

/** How an image of another form becomes one of the wanted size: its middle, all of it with white beside it, or distorted. */
export type Crop = 'centre' | 'pad' | 'stretch';

/** Height and width. */
export type ImageSize = readonly [height: number, width: number];

/** An image whose size may be a fraction, as one that was decoded at a fraction of its size has. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Which part of an image is shown, and how large. */
interface Placing {
  readonly region: Region;
  readonly width: number;
  readonly height: number;
}

function placing({ width, height }: Extent, [toHeight, toWidth]: ImageSize, crop: Crop): Placing {
  const whole = { left: 0, top: 0, width, height };
  const across = toWidth / width;
  const down = toHeight / height;
  if (crop === 'stretch') return { region: whole, width: toWidth, height: toHeight };
  if (crop === 'pad') {
    const scale = Math.min(across, down);
    const inside = (length: number, most: number): number =>
      Math.min(most, Math.max(1, Math.round(length * scale)));
    return { region: whole, width: inside(width, toWidth), height: inside(height, toHeight) };
  }
  const scale = Math.max(across, down);
  const [shownWidth, shownHeight] = [toWidth / scale, toHeight / scale];
  const region = {
    left: (width - shownWidth) / 2,
    top: (height - shownHeight) / 2,
    width: shownWidth,
    height: shownHeight,
  };
  return { region, width: toWidth, height: toHeight };
}

/** How many pixels of an image make one of what it becomes, along the axis where they are fewest. */
export function reduction(extent: Extent, size: ImageSize, crop: Crop): number {
  const { region, width, height } = placing(extent, size, crop);
  return Math.min(region.width / width, region.height / height);
}

/**
 * An image in another size.
 *
 * @param extent the part of it that counts, from the top left; all by default.
 */
export function fitted(image: Image, size: ImageSize, crop: Crop, extent: Extent = image): Image {
  const { region, width, height } = placing(extent, size, crop);
  const shown = resized(image, region, { width, height });
  const [toHeight, toWidth] = size;
  if (width === toWidth && height === toHeight) return shown;
  const { channels } = image;
  const data = new Uint8Array(toWidth * toHeight * channels).fill(white);
  const [left, top] = [Math.floor((toWidth - width) / 2), Math.floor((toHeight - height) / 2)];
  for (let y = 0; y < height; y++)
    data.set(
      shown.data.subarray(y * width * channels, (y + 1) * width * channels),
      ((top + y) * toWidth + left) * channels,
    );
  return { width: toWidth, height: toHeight, channels, data };
}
