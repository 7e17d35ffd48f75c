import { sizeOf, type Config, type Shape } from '@elbo/core';
import { expectRows } from '../../checks.js';
import type { Dataset } from '../../dataset.js';
import { gatherBytes, gatherLabels } from '../../reading/gather.js';

/** Decoded images of one size. */
export interface ImageSetOptions {
  /** What errors call the set. */
  readonly name: string;
  readonly config: Config;
  /** Height, width and channels. */
  readonly shape: Shape;
  /** `[N, height, width, channels]`, flat. Kept, not copied. */
  readonly pixels: Uint8Array;
  /** The class of each, −1 where it has none. */
  readonly labels?: Int32Array;
  readonly classNames?: readonly string[];
}

/** A dataset of images that are held as bytes: a pixel is its byte over 255. */
export function imageSet(options: ImageSetOptions): Dataset {
  const { name, config, shape, pixels, labels, classNames } = options;
  const length = sizeOf(shape);
  const dataset: Dataset = {
    config,
    name,
    size: pixels.length / length,
    shape,
    range: 'unit',
    levels: 256,
    binary: pixels.every((byte) => byte === 0 || byte === 255),
    ...(labels && classNames && { classes: classNames.length, classNames }),
    read: (rows) => {
      expectRows(rows, dataset);
      return {
        x: gatherBytes(pixels, length, rows),
        ...(labels && { label: gatherLabels(labels, rows) }),
      };
    },
  };
  return dataset;
}
