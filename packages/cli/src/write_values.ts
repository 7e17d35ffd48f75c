import { formatShape } from '@elbo/core';
import {
  expectPicture,
  isImages,
  valuesCsv,
  valuesNpy,
  valuesPng,
  valuesPngs,
  type Values,
} from '@elbo/experiments';
import { createFolder, writeWhole } from '@elbo/files';
import { endingOf, type Ending } from './out_path.js';
import { UsageError } from './usage.js';

/** What values of rows can be written as; without an ending, a folder of single pictures. */
export const valuesEndings: readonly Ending[] = ['.png', '.csv', '.npy', ''];

/**
 * Fails before anything is made where rows that are no images would be drawn, or more than a picture can hold.
 *
 * @throws UsageError that says how else to write them; RequestError with how many there may be.
 */
export function expectDrawable(
  path: string,
  shape: readonly number[],
  count: number,
  how: string,
): void {
  if (['.csv', '.npy'].includes(endingOf(path))) return;
  if (isImages(shape)) {
    if (endingOf(path) === '.png') expectPicture(count, shape, how);
    return;
  }
  throw new UsageError(
    `The rows of this model have shape ${formatShape(shape)} and are not images: name a .csv or .npy file with --out.`,
  );
}

/** Writes values by the ending of a path. */
export async function writeValues(path: string, made: Values, columns?: number): Promise<void> {
  switch (endingOf(path)) {
    case '.csv':
      return writeWhole(path, valuesCsv(made));
    case '.npy':
      return writeWhole(path, valuesNpy(made));
    case '.png':
      return writeWhole(path, valuesPng(made, columns));
    default:
      return createFolder(path, valuesPngs(made));
  }
}
