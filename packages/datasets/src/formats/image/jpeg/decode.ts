import { DataError } from '@elbo/core';
import type { Extent } from '../fit.js';
import type { Image } from '../image.js';
import { expectFits } from '../limits.js';
import { assembled, type ColourModel } from './assemble.js';
import { decodeSequential } from './baseline.js';
import type { BlockSide } from './basis.js';
import { bitsFrom } from './bits.js';
import type { Frame } from './frame.js';
import { jpegHeader } from './header.js';
import { blocksOf, planeBytes, planeFor } from './plane.js';
import { coefficientsFor, decodeProgressive, putCoefficients } from './progressive.js';
import { parseScan, type Codes } from './scan.js';
import { markers, nextSegment } from './segments.js';
import { parseCodes, parseQuantisation } from './segment_tables.js';

/** More scans than any writer makes: each may take the time of a whole image and have few bytes. */
const mostScans = 100;

/** An image that was decoded at a fraction of its size, and the part of it that is the image, which may end within pixels. */
export interface ReducedImage {
  readonly image: Image;
  readonly extent: Extent;
}

/** What decoding a frame takes in memory. */
export function jpegBytes(frame: Frame, side: BlockSide): number {
  const { components, progressive, width, height } = frame;
  const planes = components.reduce((sum, each) => sum + planeBytes(frame, each, side), 0);
  const blocks = components.reduce((sum, each) => {
    const [across, down] = blocksOf(frame, each);
    return sum + across * down;
  }, 0);
  return planes + (progressive ? 128 * blocks : 0) + (3 * width * height * side * side) / 64;
}

/**
 * The image of a JPEG file, baseline or progressive, grey, in colour, or in inks.
 *
 * @param side how many of eight samples each axis keeps: each pixel is then the mean of those that it stands for.
 * @throws DataError that says what is wrong with it, in words that go on after its name.
 */
export function decodeJpeg(bytes: Uint8Array, side: BlockSide = 8): ReducedImage {
  const { frame, width, height } = jpegHeader(bytes);
  expectFits(width, height, jpegBytes(frame, side));
  const planes = new Map(frame.components.map((each) => [each.id, planeFor(frame, each, side)]));
  const coefficients = frame.progressive ? coefficientsFor(frame) : undefined;
  const codes: Codes = { dc: [], ac: [] };
  const tables: (Uint16Array | undefined)[] = [];
  const waiting = new Set(frame.components);
  let adobe: number | undefined;
  let interval = 0;
  let scans = 0;
  for (let at = 0; ;) {
    // A sequential image is whole when its components are, even where the file lacks its end.
    if (at + 2 > bytes.length && waiting.size === 0 && !coefficients) break;
    const { marker, data, end } = nextSegment(bytes, at);
    at = end;
    if (marker === markers.end) break;
    else if (marker === markers.huffman) parseCodes(data, codes);
    else if (marker === markers.quantisation) parseQuantisation(data, tables);
    else if (marker === markers.restartInterval) interval = (data[0] ?? 0) * 256 + (data[1] ?? 0);
    else if (marker === markers.adobe) adobe ??= adobeTransform(data);
    else if (marker === markers.scan) {
      if (++scans > mostScans) throw new DataError(`it has more than ${mostScans} scans`);
      const scan = parseScan(data, frame, codes);
      const bits = bitsFrom(bytes, at);
      if (coefficients) decodeProgressive(bits, frame, scan, interval, coefficients);
      else decodeSequential(bits, frame, scan, interval, planes, tables);
      if (scan.first === 0) for (const { component } of scan.parts) waiting.delete(component);
      at = bits.at;
    }
  }
  if (waiting.size > 0) throw new DataError('it is cut short');
  if (coefficients) putCoefficients(frame, coefficients, planes, tables);
  const image = assembled(frame, planes, side, modelOf(frame, adobe));
  return { image, extent: { width: (width * side) / 8, height: (height * side) / 8 } };
}

/** What a segment of Adobe's says of the colours: 0 for none, 1 for YCbCr, 2 for YCCK. */
function adobeTransform(data: Uint8Array): number | undefined {
  const mark = String.fromCharCode(...data.subarray(0, 5));
  return mark === 'Adobe' && data.length >= 12 ? data[11] : undefined;
}

function modelOf({ components }: Frame, adobe: number | undefined): ColourModel {
  if (components.length === 1) return 'grey';
  if (components.length === 4) return adobe === 2 ? 'ycck' : 'cmyk';
  const letters = String.fromCharCode(...components.map(({ id }) => id));
  return adobe === 0 || (adobe === undefined && letters === 'RGB') ? 'rgb' : 'ycc';
}
