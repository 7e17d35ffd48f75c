import { DataError } from '@elbo/core';
import { exifOrientation } from '../exif.js';
import type { ImageHeader } from '../image.js';
import { chunksOf } from './chunks.js';

/** What the image header chunk says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  /** Samples a pixel. */
  readonly samples: number;
  readonly palette: boolean;
  readonly alpha: boolean;
  readonly interlaced: boolean;
}

/** By colour type: samples a pixel, and the depths that it may have. */
const types: ReadonlyMap<number, readonly [samples: number, depths: readonly number[]]> = new Map([
  [0, [1, [1, 2, 4, 8, 16]]],
  [2, [3, [8, 16]]],
  [3, [1, [1, 2, 4, 8]]],
  [4, [2, [8, 16]]],
  [6, [4, [8, 16]]],
]);

/** @throws DataError for what no PNG file may say. */
export function parseHeader(data: Uint8Array): PngHeader {
  if (data.length !== 13) throw new DataError('it is corrupt: its header has a wrong length');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [depth = 0, type = 0, compression, filter, interlace = 0] = data.subarray(8);
  const known = types.get(type);
  if (!known?.[1].includes(depth) || compression !== 0 || filter !== 0 || interlace > 1)
    throw new DataError('it is corrupt: its header makes no sense');
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth,
    samples: known[0],
    palette: type === 3,
    alpha: type === 4 || type === 6,
    interlaced: interlace === 1,
  };
}

/** What the header of a PNG file says, and how the image is to be turned. */
export function pngHeader(bytes: Uint8Array): PngHeader & Pick<ImageHeader, 'orientation'> {
  let found: PngHeader | undefined;
  let orientation = 1;
  for (const { type, data } of chunksOf(bytes, false)) {
    if (type === 'IHDR') found ??= parseHeader(data);
    else if (type === 'eXIf') orientation = exifOrientation(data);
  }
  if (!found) throw new DataError('it is corrupt: it has no header');
  return { ...found, orientation };
}
