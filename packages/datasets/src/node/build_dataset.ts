import {
  ConfigError,
  createRegistry,
  DataError,
  exactly,
  isConfig,
  recordOf,
  type Config,
  type Json,
  type Registry,
} from '@elbo/core';
import * as v from 'valibot';
import { datasetCategory, type Dataset, type Split } from '../dataset.js';
import { datasetKinds } from '../dataset_kinds.js';
import type { Sets } from '../sets/sets.js';
import { preloaded } from '../transforms/preloaded.js';
import type { SetsConfig } from './derive_sets.js';
import { loadDataset } from './load_dataset.js';
import type { FileOptions, Reading } from './options.js';

const fileConfig = exactly({
  kind: v.literal('file'),
  source: v.string(),
  split: v.optional(v.picklist(['train', 'validation', 'test']), 'train'),
  digest: v.exactOptional(v.string()),
  reading: v.exactOptional(recordOf(v.unknown() as v.GenericSchema<unknown, Json>)),
});

/**
 * Builds a dataset of which any part may be files: those are loaded first, and the rest is built by the registry.
 * The config of every file set is `{ kind: 'file', source, split, digest, reading }`, with what `loadDataset` takes as source.
 * The digest, of what the files held when the config was made, may be missing.
 *
 * @throws ConfigError and DataError as `registry.build` and `loadDataset`; DataError when files hold something else.
 */
export function buildDataset(config: Config, options: BuildOptions = {}): Promise<Dataset> {
  return built(config, options, new Map());
}

/** Builds the three sets of a run. Files of which several are parts are read once. */
export async function buildSets(
  { train, validation, test }: SetsConfig,
  options: BuildOptions = {},
): Promise<Sets> {
  const files: Files = new Map();
  return {
    train: await built(train, options, files),
    validation: await built(validation, options, files),
    test: await built(test, options, files),
  };
}

/** How datasets are built: what kinds there are, and where files lie. */
export interface BuildOptions extends FileOptions {
  readonly registry?: Registry;
}

/** Sets that were read, by source and split. */
type Files = Map<string, Promise<Dataset>>;

async function built(
  config: Config,
  { registry = createRegistry(...datasetKinds), ...options }: BuildOptions,
  files: Files,
): Promise<Dataset> {
  const loaded: Dataset[] = [];
  const load = (source: string, split: Split, reading: Reading | undefined): Promise<Dataset> => {
    const name = JSON.stringify([source, split, reading]);
    const found =
      files.get(name) ?? loadDataset(source, { ...options, ...(reading && { reading }), split });
    files.set(name, found);
    return found;
  };
  const resolve = async (part: Config): Promise<Config> => {
    if (part.kind !== 'file') {
      const entries = Object.entries(part).map(
        async ([name, value]) => [name, isConfig(value) ? await resolve(value) : value] as const,
      );
      return Object.fromEntries(await Promise.all(entries)) as Config;
    }
    const parsed = v.safeParse(fileConfig, part);
    if (!parsed.success) {
      const reasons = parsed.issues.map(({ message }) => message).join('; ');
      throw new ConfigError(`dataset 'file': ${reasons} in ${JSON.stringify(part)}.`);
    }
    const { source, split, digest, reading } = parsed.output;
    const dataset = await load(source, split, reading);
    if (digest !== undefined && dataset.config.digest !== digest) throw changed(dataset, split);
    // A procedural name gives a config that the registry builds itself.
    if (dataset.config.kind === 'file') loaded.push(dataset);
    return dataset.config;
  };
  const resolved = await resolve(config);
  return registry.with(...preloaded(...loaded)).build(datasetCategory, resolved);
}

function changed({ name }: Dataset, split: string): DataError {
  return new DataError(
    `${name}: its ${split} rows or their labels changed since the run began, or the configuration was written: their digest differs. Restore the original files, or train a new run on these, by name or without "digest" in the configuration.`,
  );
}
