import { homedir } from 'node:os';
import { join } from 'node:path';
import type { FileOptions } from './options.js';

/**
 * The user's cache folder for data: `elbo` in `$XDG_CACHE_HOME`, on Windows in `%LOCALAPPDATA%`, else `~/.cache/elbo`.
 */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME;
  return join(base?.length ? base : join(homedir(), '.cache'), 'elbo');
}

/** The folders in which datasets are looked for, in order. */
export function dataFolders({ dataDir }: Pick<FileOptions, 'dataDir'>): readonly string[] {
  const folders = [dataDir, process.env.ELBO_DATA_DIR, cacheFolder()];
  return [...new Set(folders.flatMap((folder) => (folder ? [folder] : [])))];
}
