import { DataError } from '@elbo/core';
import type { Split } from '../../dataset.js';
import type { Place } from '../place.js';
import type { ImageFile } from './image_file.js';
import { layoutOf, type Layout } from './layout.js';
import { imagesBelow } from './walk.js';
import { imagesInZip } from './zip_entries.js';

/** The images in a folder or a zip file, and what its folders say of them. */
export async function imagesAt({ path, kind }: Place): Promise<Layout> {
  const files: ImageFile[] = [];
  if (kind === 'file') files.push(...(await imagesInZip(path)));
  else for await (const file of imagesBelow(path)) files.push(file);
  if (files.length === 0) throw new DataError(`${path}: there are no images in it.`);
  return layoutOf(files);
}

/** Whether there is an image in a folder, or in one below. */
export async function hasImages(folder: string): Promise<boolean> {
  const { done } = await imagesBelow(folder).next();
  return done !== true;
}

/** @throws DataError where the images have no such split. */
export function expectSplit({ splits }: Layout, split: Split, where: string): void {
  if (splits.includes(split)) return;
  throw new DataError(
    `${where}: there are no images of the ${split} split in it: put them into a folder '${split}' beside one called train, or hold out rows: heldOut(), or --hold-out 0.1,0.1 at the command.`,
  );
}
