import { ConfigError, exactly, whole } from '@elbo/core';
import * as v from 'valibot';
import type { Crop, ImageSize } from '../../formats/image/fit.js';
import type { Reading } from '../options.js';

/** The longest side of images that a model is trained on. */
const longest = 4096;

const side = v.pipe(whole(1), v.maxValue(longest));

const schema = exactly({
  size: v.exactOptional(v.tuple([side, side])),
  crop: v.optional(v.picklist(['centre', 'pad', 'stretch']), 'centre'),
  grey: v.exactOptional(v.boolean()),
});

/** How images are to be read, where that was said. */
export interface GivenReading {
  readonly size: ImageSize | undefined;
  readonly crop: Crop;
  readonly grey: boolean | undefined;
}

/** The names of the options. */
export const readingOptions: readonly string[] = Object.keys(schema.entries);

/** @throws ConfigError for an option that does not fit. */
export function parseImageReading(reading: Reading, where: string): GivenReading {
  const parsed = v.safeParse(schema, reading);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const option = v.getDotPath(issue)?.split('.')[0];
    const advice: Readonly<Record<string, string>> = {
      size: `is a height and a width from 1 to ${longest}, such as [64, 64]`,
      crop: "is 'centre', 'pad' or 'stretch'",
      grey: 'is true or false',
    };
    throw new ConfigError(
      option !== undefined && option in advice
        ? `${where}: '${option}' of images ${advice[option]!}.`
        : `${where}: ${issue.message}.`,
    );
  }
  const { size, crop, grey } = parsed.output;
  return { size, crop, grey };
}
