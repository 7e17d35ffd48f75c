import { FileError, type Json, type Store } from '@elbo/core';
import {
  createWhole,
  explain,
  fileStore,
  isMissing,
  makeFolder,
  readJson,
  writeWhole,
} from '@elbo/files';
import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A whole run's configuration, as `config.json` holds it. */
export type RunConfig = Readonly<Record<string, Json>>;

/** A run: a folder that is readable without this software. */
export interface RunDirectory {
  /** The folder's absolute path. */
  readonly dir: string;
  /** What `config.json` holds. */
  readonly config: RunConfig;
  /** The files of the folder itself: the report and its images. */
  readonly files: Store;
  /** The folder `checkpoints`: what to train with as `checkpoint: { store }`. */
  readonly checkpoints: Store;
}

/** How to create a run. */
export interface CreateRunOptions {
  /** The run's folder, made when it is missing. */
  readonly dir: string;
  /** The whole resolved configuration. */
  readonly config: RunConfig;
  /** Goes on with the run that is there, under the new configuration, instead of refusing it. */
  readonly resume?: boolean;
}

const configName = 'config.json';
/** The name of a run's metrics. */
export const metricsName = 'metrics.jsonl';
const checkpointsName = 'checkpoints';

function handle(dir: string, config: RunConfig): RunDirectory {
  return {
    dir,
    config,
    files: fileStore(dir),
    checkpoints: fileStore(join(dir, checkpointsName), { follow: false }),
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw explain('look at', path, thrown);
  }
}

function used(dir: string, name: string): FileError {
  return new FileError(
    `${dir} already holds a run, or files that one would replace (${name}), and nothing in it was changed: choose another folder, or resume that run.`,
  );
}

/** What a run writes into its folder: none of it is to replace a file that a person put there. */
const itsFiles = [
  configName,
  metricsName,
  'evaluations.json',
  'report.html',
  'report.json',
  'samples.png',
  'reconstructions.png',
  'latent.svg',
];

function configText(config: RunConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

/**
 * Writes the first file of a new run, which one process alone can do in a folder. A folder that a process made and left before
 * that is free.
 */
async function begin(dir: string, config: RunConfig): Promise<void> {
  await makeFolder(dir);
  for (const name of itsFiles) if (await exists(join(dir, name))) throw used(dir, name);
  const checkpoints = fileStore(join(dir, checkpointsName), { follow: false });
  const [kept] = await checkpoints.list();
  if (kept !== undefined) throw used(dir, join(checkpointsName, kept));
  if (!(await createWhole(join(dir, configName), configText(config)))) throw used(dir, configName);
}

/**
 * Creates a run's folder with its `config.json`; with `resume`, opens the run in it and gives it the
 * new configuration, keeping its metrics and checkpoints. Of several processes that create one in the
 * same folder at once, one does.
 *
 * @throws FileError when the folder holds a run already (without `resume`), holds none (with it), or
 * cannot be written.
 *
 * @example
 * ```ts
 * import { createRun, openRun } from '@elbo/runs';
 *
 * const { dir } = await createRun({ dir: 'runs/first', config: { kind: 'mine' } });
 * console.log((await openRun(dir)).config); // { kind: 'mine' }
 * ```
 */
export async function createRun({
  dir,
  config,
  resume = false,
}: CreateRunOptions): Promise<RunDirectory> {
  const folder = resolve(dir);
  if (resume) {
    await openRun(folder);
    await writeWhole(join(folder, configName), configText(config));
  } else await begin(folder, config);
  return handle(folder, config);
}

/** Whether there is a run in a folder. */
export function holdsRun(dir: string): Promise<boolean> {
  return exists(join(resolve(dir), configName));
}

/**
 * Opens the run in a folder. Its metrics and checkpoints are checked when they are read.
 *
 * @throws FileError when there is no such folder, no `config.json` in it, or no JSON object in that.
 */
export async function openRun(dir: string): Promise<RunDirectory> {
  const folder = resolve(dir);
  if (!(await exists(folder))) {
    throw new FileError(`There is no run in ${folder}: the folder does not exist. Check the path.`);
  }
  const path = join(folder, configName);
  return handle(folder, await readConfig(folder, path));
}

async function readConfig(folder: string, path: string): Promise<RunConfig> {
  const value = await readJson(path, { follow: false }).catch((thrown: unknown) => {
    if (thrown instanceof FileError && isMissing(thrown.cause))
      throw new FileError(
        `There is no run in ${folder}: it has no ${configName}. Check the path, or train one into it.`,
      );
    throw thrown;
  });
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as RunConfig;
  throw new FileError(`${path} holds no JSON object: repair it, or restore it from a copy.`);
}
