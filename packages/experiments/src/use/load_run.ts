import { selectBackend, type SelectedBackend } from '@elbo/backends';
import { disposeTree } from '@elbo/core';
import type { Sets } from '@elbo/datasets';
import { modelCategory, type Model, type ModelParams } from '@elbo/objectives';
import { openRun, type CheckpointChoice, type RunDirectory } from '@elbo/runs';
import { join } from 'node:path';
import { configuredData, dataFolder, fileOptions } from '../config/data.js';
import { expectForm, isOnLabels, type DrawnRows } from '../config/row_form.js';
import { parseRunConfig } from '../config/run_config.js';
import { quiet, type Host } from '../host.js';
import { expectPlugins, knownWith, type Known } from '../known.js';
import { restoreWeights, usualCheckpoint } from '../training/restore.js';

/** A run with a checkpoint of it on the device, before any data are loaded. */
export interface LoadedRun {
  readonly run: RunDirectory;
  readonly backend: SelectedBackend;
  readonly known: Known;
  /** Where files of other data are looked for first, as those of its own were. */
  readonly dataDir: string | undefined;
  readonly model: Model;
  /** On the device: the primal player's moving average where the run keeps one. */
  readonly params: ModelParams;
  /** The step that they are of. */
  readonly step: number;
  /** Whether they are an average over steps. */
  readonly averaged: boolean;
  /** The rows that it is tested on. */
  readonly rows: DrawnRows;
  /** Loads its data. */
  load(): Promise<Sets>;
  /** Frees the parameters. */
  dispose(): void;
}

/** The same with its data. */
export interface RunWithData extends Omit<LoadedRun, 'load'> {
  readonly sets: Sets;
}

/** What a command opens a run by. */
export interface LoadRunOptions {
  /** A name, or the fastest that works, `auto`, by default. */
  readonly backend?: string;
  readonly dataDir?: string;
  /** By default the best step's where the run keeps that, else the newest whole one. */
  readonly checkpoint?: CheckpointChoice;
}

/**
 * Opens a run and loads the parameters of a checkpoint of it, which are the caller's.
 *
 * @param known What its configuration may name: everything of Elbo by default.
 * @throws FileError or ConfigError that says what is wrong with which file.
 *
 * @example
 * ```ts
 * import { knownWith, loadRun, quiet, resolveRecipe, trainResolved } from '@elbo/experiments';
 * import { key } from '@elbo/random';
 *
 * const known = knownWith({});
 * const options = { steps: 2, hidden: [8] };
 * const resolution = await resolveRecipe({ model: 'gan', options }, known, quiet);
 * await trainResolved(resolution, { out: 'runs/gan' }, known, quiet);
 *
 * const { model, params } = await loadRun('runs/gan');
 * console.log(model.sample(params.primal, key(7), 3).shape); // [ 3, 28, 28, 1 ]
 * ```
 */
export async function loadRun(
  dir: string,
  { backend: asked = 'auto', dataDir, checkpoint }: LoadRunOptions = {},
  known: Known = knownWith({}),
  host: Host = quiet,
): Promise<LoadedRun> {
  const backend = await selectBackend({ backend: asked });
  const run = await openRun(dir);
  const config = parseRunConfig(run.config, join(run.dir, 'config.json'));
  expectPlugins(config.plugins, known, run.dir);
  const { registry } = known;
  const model = registry.build(modelCategory, config.model);
  const folder = dataFolder(dataDir, config.dataDir);
  const choice = checkpoint ?? (await usualCheckpoint(run, config));
  const { skipped, ...weights } = await restoreWeights(run, model, config.rows, choice);
  warnOfSkipped(skipped, host);
  const load = async (): Promise<Sets> => {
    const sets = await configuredData(config.data, fileOptions(folder, host, known));
    expectForm(sets, config.rows, run.dir);
    return sets;
  };
  return {
    run,
    backend,
    known,
    dataDir: folder,
    model,
    ...weights,
    rows: {
      ...config.rows,
      onLabels: isOnLabels(config.data.test),
      read: async () => (await load()).test,
    },
    load,
    dispose: () => {
      disposeTree({ ...weights.params.primal, dual: weights.params.dual });
    },
  };
}

/**
 * Opens a run with its data.
 *
 * @throws as `loadRun`, and DataError for data that are not found or not those of the run.
 */
export async function loadRunWithData(
  dir: string,
  options: LoadRunOptions = {},
  known: Known = knownWith({}),
  host: Host = quiet,
): Promise<RunWithData> {
  const { load, ...opened } = await loadRun(dir, options, known, host);
  try {
    return { ...opened, sets: await load() };
  } catch (error) {
    opened.dispose();
    throw error;
  }
}

/** Says which checkpoints were passed over. */
export function warnOfSkipped(skipped: readonly string[], host: Host): void {
  for (const reason of skipped) host.note(`Warning: skipped a damaged checkpoint. ${reason}`);
}
