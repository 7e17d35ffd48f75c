import { closest, ConfigError, DataError } from '@elbo/core';
import { procedural, type CatalogueEntry } from '../catalogue.js';
import type { Dataset } from '../dataset.js';
import { kindOf } from './files.js';
import { formatOf } from './formats/formats.js';
import { loadNamed } from './named.js';
import type { LoadOptions } from './options.js';
import { placeAt } from './place.js';
import { sources } from './sources.js';

/** Every dataset that `loadDataset` knows by name: the procedural ones, and those of files. */
export const catalogue: readonly CatalogueEntry[] = [...procedural, ...sources].map(
  ({ name, about }) => ({
    name,
    about,
  }),
);

/**
 * Loads a dataset by name, or from a file or folder of any format that can be read.
 *
 * A name of the catalogue whose data are files is looked up in `dataDir`, `$ELBO_DATA_DIR` and the user's cache
 * folder, in each under the dataset's name and in the folder itself, gzipped or not; else downloaded into the cache
 * folder. Files are checked against known digests. At a path names tell splits apart (`train-images-idx3-ubyte.gz`,
 * `test.csv`, a folder `val/`); `reading` has the options of the format.
 *
 * @throws DataError that says what was wrong, where, and which file to put there.
 */
export async function loadDataset(source: string, options: LoadOptions = {}): Promise<Dataset> {
  const { split = 'train', size, seed, named: own = [], ...files } = options;
  const made = [...own, ...procedural].find(({ name }) => name === source);
  if (made)
    return made.make({
      split,
      ...(size !== undefined && { size }),
      ...(seed !== undefined && { seed }),
    });
  const named = sources.find(({ name }) => name === source);
  if (!named && (await kindOf(source)) === 'nothing') throw unknown(source, own);
  if (size !== undefined || seed !== undefined)
    throw new ConfigError(
      `${source}: size and seed are options of procedural sets; take() or heldOut() makes a file set smaller.`,
    );
  if (named) {
    const [option] = Object.keys(files.reading ?? {});
    if (option === undefined) return loadNamed(named, split, files);
    throw new ConfigError(`${source}: '${option}' is an option for reading files of your own.`);
  }
  const place = await placeAt(source);
  return (await formatOf(place, files)).load(place, split, files);
}

function unknown(source: string, own: readonly CatalogueEntry[]): DataError {
  const names = [...own, ...catalogue].map(({ name }) => name);
  const near = closest(source, names);
  return new DataError(
    `There is no dataset '${source}', nor a file or folder of that name${near === undefined ? `. Known: ${names.join(', ')}.` : `; did you mean '${near}'?`}`,
  );
}
