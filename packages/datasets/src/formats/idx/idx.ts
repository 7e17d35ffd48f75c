import { DataError, expectGiven, type Config, type Shape } from '@elbo/core';
import { expectRows } from '../../checks.js';
import type { Dataset } from '../../dataset.js';
import { gatherBytes, gatherLabels } from '../../reading/gather.js';
import { inMemory } from '../in_memory.js';
import type { IdxArray } from './parse.js';

/** An image set as IDX arrays. */
export interface IdxOptions {
  /** `[N, H, W]`, or `[N, H, W, C]`. */
  readonly images: IdxArray;
  /** `[N]`; −1 where unknown. */
  readonly labels?: { readonly shape: readonly number[]; readonly data: Uint8Array | Int32Array };
  /** The number of classes; by default one more than the greatest label. */
  readonly classes?: number;
  /** What errors and configs call the set. */
  readonly name?: string;
  /** The config, for a loader that knows how to read the set again; by default one for `preloaded`. */
  readonly config?: Config;
}

/**
 * A dataset of images in IDX arrays; pixels are bytes over 255. The bytes are kept as they are, not copied.
 *
 * @throws DataError when the arrays are no images and labels, do not fit one another, or a label is no class.
 */
export function idx(options: IdxOptions): Dataset {
  expectGiven('idx', options, 'images');
  const { images, labels, classes, name = 'idx', config } = options;
  const [size = 0, height = 0, width = 0, channels = 1] = images.shape;
  if (images.shape.length < 3)
    throw new DataError(
      `${name}: its images have the shape [${images.shape.join(', ')}]: ${images.shape.length === 1 ? 'this is a file of labels' : 'these are not images'}. Give a file of images, of shape [rows, height, width].`,
    );
  const length = height * width * channels;
  if (!(size > 0 && length > 0) || images.data.length !== size * length)
    throw new DataError(
      `${name}: ${images.data.length} bytes are not images of shape [${images.shape.join(', ')}].`,
    );
  const known = labels && checkLabels(labels, size, classes, name);
  const shape: Shape = [height, width, channels];
  const dataset: Dataset = {
    config: config ?? inMemory({ kind: 'idx', name, size, shape }, images.data, labels?.data),
    name,
    size,
    shape,
    range: 'unit',
    levels: 256,
    binary: images.data.every((byte) => byte === 0 || byte === 255),
    ...(known && { classes: known }),
    read: (rows) => {
      expectRows(rows, dataset);
      return {
        x: gatherBytes(images.data, length, rows),
        ...(labels && { label: gatherLabels(labels.data, rows) }),
      };
    },
  };
  return dataset;
}

/** Fails unless there is one label an image, each a class; returns the number of classes. */
function checkLabels(
  { shape, data }: NonNullable<IdxOptions['labels']>,
  size: number,
  classes: number | undefined,
  name: string,
): number {
  if (shape.length !== 1)
    throw new DataError(
      `${name}: its labels have the shape [${shape.join(', ')}]: ${shape.length >= 3 ? 'this is a file of images' : 'these are not labels'}. Give a file of labels, of shape [rows].`,
    );
  if (data.length !== size)
    throw new DataError(
      `${name}: there are ${data.length} labels for ${size} images: the two files do not belong together. Give the labels of these images.`,
    );
  let greatest = 0;
  for (const label of data) greatest = Math.max(greatest, label);
  if (classes === undefined) return greatest + 1;
  if (greatest < classes) return classes;
  const row = data.findIndex((label) => label >= classes);
  throw new DataError(
    `${name}: row ${row} has the label ${data[row]!}; there are ${classes} classes, 0 to ${classes - 1}. The file is corrupt or another set's.`,
  );
}
