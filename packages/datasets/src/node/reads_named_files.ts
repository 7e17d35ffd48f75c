import { isConfig, type Config } from '@elbo/core';
import { sources } from './sources.js';

/** Whether a config has files in it that are looked up by name, so that where they are found depends on `dataDir`. */
export function readsNamedFiles(config: Config): boolean {
  const { kind, source } = config;
  if (kind === 'file') return sources.some(({ name }) => name === source);
  return Object.values(config).some((value) => isConfig(value) && readsNamedFiles(value));
}
