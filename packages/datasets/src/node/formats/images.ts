import type { Config } from '@elbo/core';
import { createHash } from 'node:crypto';
import type { Dataset, Split } from '../../dataset.js';
import { imageSet } from '../../formats/image/image_set.js';
import type { FileFormat } from '../file_format.js';
import { readCache, writeCache } from '../image_folder/cache.js';
import { sizeFor } from '../image_folder/common_size.js';
import { decodeAll } from '../image_folder/decode_all.js';
import type { Decoded } from '../image_folder/decoded.js';
import { isImageName } from '../image_folder/image_file.js';
import { expectSplit, hasImages, imagesAt } from '../image_folder/images_at.js';
import { parseImageReading, readingOptions } from '../image_folder/reading.js';
import { saySkipped } from '../image_folder/say_skipped.js';
import type { FileOptions } from '../options.js';
import type { Place } from '../place.js';

/**
 * PNG and JPEG files in a folder or a zip file: folders tell splits and classes. They are decoded once, into bytes that the
 * cache folder keeps.
 */
export const imageFiles: FileFormat = {
  name: 'images',
  files: 'a folder or zip file of PNG and JPEG files',
  options: readingOptions,
  recognises: ({ path, kind, names, head }) =>
    kind === 'file'
      ? isZip(head) && !names.some((name) => name.toLowerCase().endsWith('.npz'))
      : (areImages(names.filter((name) => !name.endsWith('/'))) ?? hasImages(path)),
  splits: async (place) => (await imagesAt(place)).splits,
  load: loadImages,
};

/** Whether files are images with little else beside them; `undefined` where they are none. */
function areImages(files: readonly string[]): boolean | undefined {
  const images = files.filter(isImageName).length;
  return images === 0 ? undefined : 2 * images >= files.length;
}

const isZip = ([p, k, three, four]: Uint8Array): boolean =>
  p === 0x50 && k === 0x4b && three === 3 && four === 4;

async function loadImages(
  place: Place,
  split: Split,
  { reading = {}, onNotice, onStatus, signal }: FileOptions,
): Promise<Dataset> {
  const { path } = place;
  const { size: given, crop, grey } = parseImageReading(reading, path);
  const layout = await imagesAt(place);
  expectSplit(layout, split, path);
  const { classNames, stray } = layout;
  const rows = layout.rows(split);
  const files = rows.map(({ file }) => file);
  // All splits are made as large as the training rows.
  const chosen = given ? { size: given } : await sizeFor(place, trainingFiles());
  const { size } = chosen;
  if ('because' in chosen && chosen.because !== undefined) onNotice?.(chosen.because);
  if (stray.length > 0 && split === 'train')
    onNotice?.(
      `${path}: ${stray.length} images that lie in no folder of a split are left out, such as ${stray[0]!.path}.`,
    );
  const decoded = await decodedFrom();
  const notice = saySkipped(path, decoded.skipped, files.length);
  if (notice !== undefined) onNotice?.(notice);
  const { channels, pixels, kept } = decoded;
  const shape = [...size, channels];
  const labels =
    classNames.length > 0 ? Int32Array.from(kept, (number) => rows[number]!.label) : undefined;
  const digest = digestOf(shape, pixels, labels, classNames);
  const asFound = { size: [...size], crop, grey: channels === 1 };
  const config: Config = { kind: 'file', source: path, split, digest, reading: asFound };
  return imageSet({ name: path, config, shape, pixels, ...(labels && { labels, classNames }) });

  function trainingFiles(): typeof files {
    return layout.rows(layout.splits.includes('train') ? 'train' : split).map(({ file }) => file);
  }

  async function decodedFrom(): Promise<Decoded> {
    const question = { source: path, split, reading: { size, crop }, grey, files };
    const before = await readCache(question);
    if (before) return before;
    const made = await decodeAll(place, files, { size, crop, grey }, { onStatus, signal });
    const unkept = await writeCache(question, made);
    if (unkept !== undefined)
      onNotice?.(`${path}: the decoded images cannot be kept for the next time: ${unkept}`);
    return made;
  }
}

/** The SHA-256 of what was decoded. */
function digestOf(
  shape: readonly number[],
  pixels: Uint8Array,
  labels: Int32Array | undefined,
  classNames: readonly string[],
): string {
  const about = { shape, labels: labels ? [...labels] : [], classNames };
  return createHash('sha256')
    .update(`${JSON.stringify(about)}\n`)
    .update(pixels)
    .digest('hex');
}
