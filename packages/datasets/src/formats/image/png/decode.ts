import { DataError } from '@elbo/core';
import type { Image } from '../image.js';
import { expectFits } from '../limits.js';
import { chunksOf } from './chunks.js';
import { parseHeader, type PngHeader } from './header.js';
import { passesOf, storedBytes, type Pass } from './passes.js';
import { rowWriter, type RowWriter } from './pixels.js';
import { samplesOf } from './samples.js';
import { unfilter } from './unfilter.js';

/**
 * Decompresses zlib's format, no further than to `most` bytes.
 *
 * @throws when the data are corrupt, cut short, or more.
 */
export type Inflate = (parts: readonly Uint8Array[], most: number) => Uint8Array;

/**
 * The image of a PNG file of any colour type and depth, interlaced or not.
 *
 * @throws DataError that says what is wrong with it, in words that go on after its name.
 */
export function decodePng(bytes: Uint8Array, inflate: Inflate): Image {
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  const parts: Uint8Array[] = [];
  for (const { type, data } of chunksOf(bytes, true)) {
    if (type === 'IHDR') header ??= parseHeader(data);
    else if (type === 'PLTE') palette = data;
    else if (type === 'tRNS') transparency = data;
    else if (type === 'IDAT') parts.push(data);
    else if (type !== 'IEND' && type !== 'eXIf')
      throw new DataError(`it has a part that is not known, ${type}`);
  }
  if (!header || parts.length === 0) throw new DataError('it is corrupt: it has no image');
  const { width, height } = header;
  const passes = passesOf(header);
  const channels = header.palette || header.samples >= 3 ? 3 : 1;
  const stored = storedBytes(passes);
  expectFits(width, height, stored + width * height * channels);
  const raw = inflate(parts, stored);
  if (raw.length < stored) throw new DataError('it is cut short');
  const image = {
    width,
    height,
    channels,
    data: new Uint8Array(width * height * channels),
  } as const;
  const write = rowWriter(header, palette, transparency);
  let at = 0;
  for (const pass of passes) at = readPass(raw, at, pass, header, image, write);
  return image;
}

/** Puts the pixels of a pass where they belong; gives where the next begins. */
function readPass(
  raw: Uint8Array,
  begin: number,
  pass: Pass,
  { depth, samples }: PngHeader,
  { width, channels, data }: Image,
  write: RowWriter,
): number {
  const { rowBytes } = pass;
  const apart = Math.max(1, (samples * depth) / 8);
  let above = new Uint8Array(rowBytes);
  let at = begin;
  for (let y = 0; y < pass.height; y++) {
    const row = raw.subarray(at + 1, at + 1 + rowBytes) as Uint8Array<ArrayBuffer>;
    unfilter(raw[at]!, row, above, apart);
    const first = ((pass.top + y * pass.stepY) * width + pass.left) * channels;
    write(
      samplesOf(row, depth, pass.width * samples),
      pass.width,
      data,
      first,
      pass.stepX * channels,
    );
    above = row;
    at += 1 + rowBytes;
  }
  return at;
}
