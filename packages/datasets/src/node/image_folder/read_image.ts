import { DataError } from '@elbo/core';
import { greyOf, isColoured } from '../../formats/image/colour.js';
import { fitted, reduction, type Crop, type ImageSize } from '../../formats/image/fit.js';
import { formatOf } from '../../formats/image/format_of.js';
import { seenSize, type Image, type ImageHeader } from '../../formats/image/image.js';
import { blockSides, type BlockSide } from '../../formats/image/jpeg/basis.js';
import { decodeJpeg, jpegBytes } from '../../formats/image/jpeg/decode.js';
import { jpegHeader } from '../../formats/image/jpeg/header.js';
import { oriented } from '../../formats/image/orient.js';
import { decodePng } from '../../formats/image/png/decode.js';
import { pngHeader } from '../../formats/image/png/header.js';
import { passesOf, storedBytes } from '../../formats/image/png/passes.js';
import { inflate } from './inflate.js';

/** How images become rows. */
export interface ImageReading {
  /** Height and width. */
  readonly size: ImageSize;
  readonly crop: Crop;
  /** Whether colours become greys. */
  readonly grey: boolean;
}

/** An image's size as it is seen, and what decoding it takes in memory. */
export interface Examined {
  readonly size: ImageSize;
  /** @param reading how it is read; whole by default. */
  cost(reading?: ImageReading): number;
}

/** @throws DataError when the bytes are no image that is read. */
export function examineImage(bytes: Uint8Array): Examined {
  if (expectFormat(bytes) === 'png') {
    const header = pngHeader(bytes);
    const { width, height } = header;
    const cost = storedBytes(passesOf(header)) + 3 * width * height;
    return { size: seenSize(header), cost: () => cost };
  }
  const header = jpegHeader(bytes);
  return {
    size: seenSize(header),
    cost: (reading) => jpegBytes(header.frame, reading ? sideOf(header, reading) : 8),
  };
}

/**
 * The image in a file's bytes as it becomes a row: turned as it is to be seen, cut and resized.
 *
 * @throws DataError that says what is wrong with it, in words that go on after its name.
 */
export function readImage(bytes: Uint8Array, reading: ImageReading): Image {
  const { grey, crop } = reading;
  if (expectFormat(bytes) === 'png') {
    const { orientation } = pngHeader(bytes);
    const shown = fitted(decodePng(bytes, inflate), stored(reading.size, orientation), crop);
    return finished(oriented(shown, orientation), grey, 0);
  }
  const header = jpegHeader(bytes);
  const { image, extent } = decodeJpeg(bytes, sideOf(header, reading));
  const shown = fitted(image, stored(reading.size, header.orientation), crop, extent);
  return finished(oriented(shown, header.orientation), grey, jpegRounding);
}

/** By how much the channels of a grey may differ that a JPEG stores as luma and chroma. */
const jpegRounding = 3;

/** An image in one channel where it is to be grey, or is. */
const finished = (image: Image, grey: boolean, rounding: number): Image =>
  grey || !isColoured(image, rounding) ? greyOf(image) : image;

/** The size that an image has before it is turned. */
function stored([height, width]: ImageSize, orientation: number): ImageSize {
  return orientation > 4 ? [width, height] : [height, width];
}

/** How small a JPEG may be decoded: with two samples or more for each pixel that is wanted. */
function sideOf(
  { width, height, orientation }: Pick<ImageHeader, 'width' | 'height' | 'orientation'>,
  { size, crop }: ImageReading,
): BlockSide {
  const times = reduction({ width, height }, stored(size, orientation), crop);
  return blockSides.find((side) => 8 / side <= times / 2) ?? 8;
}

function expectFormat(bytes: Uint8Array): 'png' | 'jpeg' {
  const format = formatOf(bytes);
  if (format === 'png' || format === 'jpeg') return format;
  if (bytes.length === 0) throw new DataError('it is empty');
  throw new DataError(
    format === undefined
      ? 'it is no image: its first bytes are those of no format that is known'
      : `its format is ${format}, and PNG and JPEG are read`,
  );
}
