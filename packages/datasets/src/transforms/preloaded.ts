import { ConfigError, type Json, type Kind } from '@elbo/core';
import { datasetCategory, type Dataset } from '../dataset.js';

/** JSON text in which the order of an object's keys does not show. */
function canonical(json: Json): string {
  return JSON.stringify(json, (_, value: Json) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/**
 * Kinds whose values are already here: `registry.with(...preloaded(mine))` builds a config that holds `mine.config`.
 * For sets whose values no config can hold: arrays in memory, and files that were read before.
 */
export function preloaded(...datasets: readonly Dataset[]): readonly Kind<Dataset>[] {
  return [...new Set(datasets.map(({ config }) => config.kind))].map((kind) => ({
    kind,
    category: datasetCategory,
    build: (options) => {
      const wanted = canonical({ ...(options as Record<string, Json>), kind });
      const candidates = datasets.filter(({ config }) => config.kind === kind);
      const found = candidates.find(({ config }) => canonical(config) === wanted);
      if (found) return found;
      const names = candidates.map(({ name }) => name).join(', ');
      throw new ConfigError(
        `dataset '${kind}': ${wanted} is not one of the datasets in memory (${names}).`,
      );
    },
  }));
}

/** Kinds that say how to get values which their configs do not hold. */
export const absentKinds: readonly Kind<Dataset>[] = (
  [
    [
      'arrays',
      "its values were in memory and are not in its config: add preloaded(dataset) to the registry's kinds",
    ],
    [
      'idx',
      "its values were in memory and are not in its config: add preloaded(dataset) to the registry's kinds",
    ],
    [
      'file',
      'files are read asynchronously: build its config with buildDataset of @elbo/datasets/node',
    ],
  ] as const
).map(([kind, advice]) => ({
  kind,
  category: datasetCategory,
  build: () => {
    throw new ConfigError(`dataset '${kind}': ${advice}.`);
  },
}));
