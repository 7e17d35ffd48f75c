import { procedural } from '../catalogue.js';
import type { Dataset, Split } from '../dataset.js';
import type { Sets } from '../sets/sets.js';
import { heldOut, usualShare, type HoldOut, type Parts } from '../transforms/held_out.js';
import { formatOf } from './formats/formats.js';
import { loadDataset } from './load_dataset.js';
import type { FileOptions, Reading } from './options.js';
import { placeAt } from './place.js';
import { sources } from './sources.js';
import { allSplits } from './split_names.js';

/**
 * The three sets of a source, as `loadDataset` takes it: its own splits. For validation and test rows that it does not have
 * a tenth of the training rows each is held out. `holdOut` says how many instead, whatever splits there are. Which rows
 * these are depends on the data alone, so that runs of all seeds are compared on the same ones. All splits are read alike:
 * what was found in the training rows, such as the values of a column, holds for the others.
 *
 * @throws DataError as `loadDataset`; ConfigError when too many rows are held out.
 */
export async function loadSets(
  source: string,
  { holdOut, ...options }: FileOptions & { readonly holdOut?: HoldOut } = {},
): Promise<Sets> {
  const train = await loadDataset(source, { ...options, split: 'train' });
  const alike = { ...options, ...readingOf(train) };
  const load = (split: Split): Promise<Dataset> => loadDataset(source, { ...alike, split });
  const lacking = missing(await splitsOf(source, alike), holdOut);
  const parts: Partial<Parts> = lacking ? heldOut(train, lacking) : {};
  return {
    train: parts.train ?? train,
    validation: parts.validation ?? (await load('validation')),
    test: parts.test ?? (await load('test')),
  };
}

/** How a set was read, where its format leaves a choice. */
function readingOf({ config }: Dataset): { readonly reading?: Reading } {
  return config.reading === undefined ? {} : { reading: config.reading as Reading };
}

/** What is held out of a source with these splits: what is asked for, else a share for each that it lacks; nothing of one that lacks none. */
export function missing(
  splits: readonly Split[],
  { validation, test }: HoldOut = {},
): HoldOut | undefined {
  const shareFor = (split: Split): number | undefined =>
    splits.includes(split) ? undefined : usualShare;
  const toValidate = validation ?? shareFor('validation');
  const toTest = test ?? shareFor('test');
  if (toValidate === undefined && toTest === undefined) return undefined;
  return {
    ...(toValidate !== undefined && { validation: toValidate }),
    ...(toTest !== undefined && { test: toTest }),
  };
}

/** The splits that a source has of its own. */
export async function splitsOf(
  source: string,
  { named = [], reading = {} }: Pick<FileOptions, 'named' | 'reading'> = {},
): Promise<readonly Split[]> {
  if ([...named, ...procedural].some(({ name }) => name === source)) return allSplits;
  if (sources.some(({ name }) => name === source)) return ['train', 'test'];
  const place = await placeAt(source);
  return (await formatOf(place, { reading })).splits(place, reading);
}
