import {
  ConfigError,
  createRegistry,
  type Config,
  type Json,
  type Registry,
  exactly,
} from '@elbo/core';
import * as v from 'valibot';
import { datasetCategory, type Dataset } from '../dataset.js';
import { datasetKinds } from '../kinds.js';
import { preloaded } from '../preloaded.js';
import { loadDataset } from './loadDataset.js';
import type { FileOptions } from './options.js';

const fileConfig = exactly({
  kind: v.literal('file'),
  source: v.string(),
  split: v.optional(v.picklist(['train', 'validation', 'test']), 'train'),
});

/**
 * Builds a dataset of which any part may be files: those are loaded first, and the rest is built by the registry.
 * The config of every file set is `{ kind: 'file', source, split }`, with what `loadDataset` takes as source.
 *
 * @throws ConfigError and DataError as `registry.build` and `loadDataset`.
 */
export async function buildDataset(
  config: Config,
  {
    registry = createRegistry(...datasetKinds),
    ...options
  }: FileOptions & { readonly registry?: Registry } = {},
): Promise<Dataset> {
  const loaded: Dataset[] = [];
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
    const { source, split } = parsed.output;
    const dataset = await loadDataset(source, { ...options, split });
    // A procedural name gives a config that the registry builds itself.
    if (dataset.config.kind === 'file') loaded.push(dataset);
    return dataset.config;
  };
  const resolved = await resolve(config);
  return registry.with(...preloaded(...loaded)).build(datasetCategory, resolved);
}

function isConfig(json: Json): json is Config {
  return json !== null && typeof json === 'object' && 'kind' in json;
}
