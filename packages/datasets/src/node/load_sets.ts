import { procedural } from '../catalogue.js';
import type { Split } from '../dataset.js';
import type { Sets } from '../sets/sets.js';
import { heldOut, type HoldOut } from '../transforms/held_out.js';
import { kindOf } from './files.js';
import { loadDataset } from './load_dataset.js';
import type { FileOptions } from './options.js';
import { splitsAt } from './paths.js';
import { sources } from './sources.js';

/** What is held out of the training rows to validate on, where a source has no validation split. */
export const usualHoldOut: HoldOut = { validation: 0.1 };

/**
 * The three sets of a source, as `loadDataset` takes it: its own splits; without a validation split a tenth of the training
 * rows are held out to validate on. `holdOut` says how many instead, and holds rows to test on out too where it says so.
 * Which rows these are depends on the data alone, so that runs of all seeds are compared on the same ones.
 *
 * @throws DataError as `loadDataset`; ConfigError when too many rows are held out.
 */
export async function loadSets(
  source: string,
  { holdOut, ...options }: FileOptions & { readonly holdOut?: HoldOut } = {},
): Promise<Sets> {
  const load = (split: Split) => loadDataset(source, { ...options, split });
  const train = await load('train');
  if (!holdOut && (await hasValidation(source, options)))
    return { train, validation: await load('validation'), test: await load('test') };
  const parts = heldOut(train, holdOut ?? usualHoldOut);
  return { ...parts, test: parts.test ?? (await load('test')) };
}

/** Whether a source has rows of its own to validate on. */
export async function hasValidation(
  source: string,
  { named = [] }: Pick<FileOptions, 'named'> = {},
): Promise<boolean> {
  if ([...named, ...procedural].some(({ name }) => name === source)) return true;
  if (sources.some(({ name }) => name === source)) return false;
  return (await kindOf(source)) !== 'nothing' && (await splitsAt(source)).includes('validation');
}
