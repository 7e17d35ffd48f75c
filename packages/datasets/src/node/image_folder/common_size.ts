import { DataError } from '@elbo/core';
import type { ImageSize } from '../../formats/image/fit.js';
import type { ImageFile } from './image_file.js';
import { readImageFile, type ImageHome } from './read_file.js';
import { examineImage } from './read_image.js';

/** The size of images that are not all of one, where none is asked for. */
const usual: ImageSize = [64, 64];

/** Images of one size keep it up to this length of a side. */
const mostOwn = 128;

/** Files that are read at once. */
const together = 16;

/** A size, and what is to be said of how it was chosen. */
export interface ChosenSize {
  readonly size: ImageSize;
  readonly because: string | undefined;
}

/** The size to read images in: their own if they have one that is not large. Reads headers until two differ. */
export async function sizeFor(home: ImageHome, files: readonly ImageFile[]): Promise<ChosenSize> {
  let common: ImageSize | undefined;
  const chosen = (what: string): ChosenSize => ({
    size: usual,
    because: `${home.path}: ${what}, so all are made ${usual.join('×')}; another size is asked for by 'size' (--size at the command).`,
  });
  for (let at = 0; at < files.length; at += together) {
    const some = files.slice(at, at + together);
    for (const size of await Promise.all(some.map((file) => sizeIn(home, file)))) {
      if (!size) continue;
      common ??= size;
      if (size[0] !== common[0] || size[1] !== common[1])
        return chosen(
          `its images have different sizes, such as ${common.join('×')} and ${size.join('×')}`,
        );
    }
  }
  if (!common) return { size: usual, because: undefined };
  if (Math.max(...common) > mostOwn) return chosen(`its images have ${common.join('×')} pixels`);
  return { size: common, because: undefined };
}

/** The size of an image; `undefined` of one that is broken, which is told when it is decoded. */
async function sizeIn(home: ImageHome, file: ImageFile): Promise<ImageSize | undefined> {
  try {
    return examineImage(await readImageFile(home, file)).size;
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}
