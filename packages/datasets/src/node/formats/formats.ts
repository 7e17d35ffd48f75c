import { ConfigError, DataError } from '@elbo/core';
import type { FileFormat } from '../file_format.js';
import type { FileOptions } from '../options.js';
import type { Place } from '../place.js';
import { arrayFiles } from './arrays.js';
import { idxFiles } from './idx.js';
import { imageFiles } from './images.js';
import { tableFiles } from './tables.js';
import { textFiles } from './text.js';

/** The formats of files, in the order in which they are asked whether a path is theirs. */
const formats: readonly FileFormat[] = [idxFiles, imageFiles, arrayFiles, tableFiles, textFiles];

/**
 * The format of what is at a place.
 *
 * @throws DataError where it is of none; ConfigError for an option of reading that the format does not have.
 */
export async function formatOf(
  place: Place,
  { reading = {} }: Pick<FileOptions, 'reading'> = {},
): Promise<FileFormat> {
  const format = await recognised(place);
  if (!format) throw unknown(place);
  const stranger = Object.keys(reading).find((name) => !format.options.includes(name));
  if (stranger === undefined) return format;
  const owners = formats
    .filter(({ options }) => options.includes(stranger))
    .map(({ name }) => name);
  throw new ConfigError(
    `${place.path}: ${owners.length > 0 ? `'${stranger}' is an option for reading ${owners.join(' or ')}, and this is ${format.name}` : `there is no option '${stranger}' for reading files`}.`,
  );
}

async function recognised(place: Place): Promise<FileFormat | undefined> {
  for (const format of formats) if (await format.recognises(place)) return format;
  return undefined;
}

function unknown({ path, kind, names }: Place): DataError {
  const known = formats.map(({ name, files }) => `${name} (${files})`).join('; ');
  const what =
    kind === 'file'
      ? 'this file is of no format that can be read'
      : names.length === 0
        ? 'this folder is empty'
        : `nothing in this folder can be read as data (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''})`;
  return new DataError(`${path}: ${what}. Give ${known}.`);
}
