import { DataError } from '@elbo/core';
import { exifOrientation } from '../exif.js';
import { isFrame, parseFrame, type Frame } from './frame.js';
import { markers, nextSegment } from './segments.js';

/** What a JPEG file says before its first scan. */
export interface JpegHeader extends Pick<Frame, 'width' | 'height'> {
  readonly frame: Frame;
  readonly orientation: number;
}

const exifMark = 'Exif\0\0';

/** The orientation that an APP1 segment says, where it is one of EXIF. */
function orientationIn(data: Uint8Array): number | undefined {
  const mark = String.fromCharCode(...data.subarray(0, exifMark.length));
  return mark === exifMark ? exifOrientation(data.subarray(exifMark.length)) : undefined;
}

/** @throws DataError when the file is none, corrupt, or of a kind that is not read. */
export function jpegHeader(bytes: Uint8Array): JpegHeader {
  let at = 0;
  let orientation: number | undefined;
  for (;;) {
    const { marker, data, end } = nextSegment(bytes, at);
    if (marker === markers.exif) orientation ??= orientationIn(data);
    if (isFrame(marker)) {
      const frame = parseFrame(marker, data);
      const { width, height } = frame;
      return { frame, width, height, orientation: orientation ?? 1 };
    }
    if (marker === markers.scan || marker === markers.end)
      throw new DataError('it is corrupt: it has no header');
    at = end;
  }
}
