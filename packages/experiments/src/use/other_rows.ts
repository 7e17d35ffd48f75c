import { formatShape, isConfig, sameShape, type Config } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { buildDataset, splitsOf, type Reading } from '@elbo/datasets/node';
import { isDeepStrictEqual } from 'node:util';
import { fileOptions } from '../config/data.js';
import type { Host } from '../host.js';
import { RequestError } from '../request_error.js';
import type { RunWithData } from './load_run.js';

/** What is read, and what of a run it must go with. */
type Needed = Pick<RunWithData, 'known' | 'dataDir'> & {
  readonly sets: Pick<RunWithData['sets'], 'test'>;
};

/** What a config is made of in the end. */
export function baseOf(config: Config): Config {
  return isConfig(config.data) ? baseOf(config.data) : config;
}

/**
 * The rows of other data, made as a run's own are: its configuration with another source, read as its own files were. Where the
 * source has test rows they are these, else all.
 *
 * @param flag Names the source in errors.
 * @throws RequestError when its rows are of another form.
 */
export async function otherRows(
  { known, dataDir, sets: { test } }: Needed,
  flag: string,
  source: string,
  host: Host,
): Promise<Dataset> {
  const { reading } = baseOf(test.config) as { readonly reading?: Reading };
  const files = fileOptions(dataDir, host, known);
  const splits = await splitsOf(source, { ...files, ...(reading && { reading }) });
  const base: Config = {
    kind: 'file',
    source,
    split: splits.includes('test') ? 'test' : 'train',
    ...(reading && { reading }),
  };
  const replaced = (config: Config): Config =>
    // What is held out of the run's own data is not of others'.
    isConfig(config.data) && config.kind !== 'held-out'
      ? { ...config, data: replaced(config.data) }
      : base;
  const others = await buildDataset(replaced(test.config), files);
  if (!sameShape(others.shape, test.shape))
    throw new RequestError(
      `${flag} ${source}: its rows are of shape ${formatShape(others.shape)}, and the model takes ${formatShape(test.shape)}.`,
    );
  if (!isDeepStrictEqual(others.alphabet, test.alphabet))
    throw new RequestError(
      `${flag} ${source}: its texts have symbols that the model was not trained on.`,
    );
  return others;
}
