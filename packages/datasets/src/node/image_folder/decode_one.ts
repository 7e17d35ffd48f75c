import { DataError, messageOf } from '@elbo/core';
import { colouredOf } from '../../formats/image/colour.js';
import type { Outcome } from './decoded.js';
import type { ImageFile } from './image_file.js';
import { readImageFile, type ImageHome } from './read_file.js';
import { examineImage, readImage, type ImageReading } from './read_image.js';

/** Decoding that takes more memory is not done by several threads at once. */
export const largeBytes: number = 2 ** 27;

/**
 * Decodes a file into its place.
 *
 * @param most the most bytes that it may take.
 * @returns `undefined` when it would take more.
 */
export async function decodeOne(
  home: ImageHome,
  file: ImageFile,
  reading: ImageReading,
  into: Uint8Array,
  most: number,
): Promise<Outcome | undefined> {
  try {
    const bytes = await readImageFile(home, file);
    if (bytes.length + examineImage(bytes).cost(reading) > most) return undefined;
    const image = readImage(bytes, reading);
    into.set(reading.grey ? image.data : colouredOf(image).data);
    return { coloured: image.channels === 3 };
  } catch (error) {
    if (error instanceof DataError) return { why: error.message };
    // What a corrupt file does to a decoder is no reason to end.
    return { why: `it is corrupt (${messageOf(error)})` };
  }
}
