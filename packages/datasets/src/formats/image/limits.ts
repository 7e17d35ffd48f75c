import { DataError } from '@elbo/core';

/** The most pixels of an image: photographs have a tenth of it. */
const mostPixels = 2 ** 28;

/** The most bytes that decoding one image may take beside the file. */
export const mostDecodedBytes: number = 2 ** 29;

/**
 * Fails for an image that would not fit, by what its header says: a file of some hundred bytes can claim gigabytes.
 *
 * @param bytes what decoding would take.
 */
export function expectFits(width: number, height: number, bytes: number): void {
  if (width < 1 || height < 1) throw new DataError(`its header says ${width}×${height} pixels`);
  if (width * height > mostPixels)
    throw new DataError(
      `its header says ${width}×${height} pixels, more than the ${mostPixels} that are read`,
    );
  if (bytes > mostDecodedBytes)
    throw new DataError(
      `its ${width}×${height} pixels would take ${Math.ceil(bytes / 2 ** 20)} MiB to decode, more than ${mostDecodedBytes / 2 ** 20}`,
    );
}
