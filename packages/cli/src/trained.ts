import type { Sets } from '@elbo/datasets';
import { modelCategory, type Model, type ModelParams } from '@elbo/objectives';
import { hasBestCheckpoint, openRun, type CheckpointChoice, type RunDirectory } from '@elbo/runs';
import { disposeState, keepsBest, type State } from '@elbo/training';
import { join } from 'node:path';
import { configuredData, dataFolder, fileOptions } from './data.js';
import { expectPlugins, type Known } from './known.js';
import type { Output } from './output.js';
import { bestParams, restore } from './restore.js';
import { expectForm, isOnLabels, type DrawnRows } from './row_form.js';
import { lastLeg, parseRunConfig } from './run_config.js';

/** A run with a checkpoint of it on the device, before any data are loaded. */
export interface Opened {
  readonly run: RunDirectory;
  readonly known: Known;
  /** Where files of other data are looked for first, as those of its own were. */
  readonly dataDir: string | undefined;
  readonly model: Model;
  readonly state: State;
  readonly params: ModelParams;
  /** The rows that it is tested on. */
  readonly rows: DrawnRows;
  /** Loads its data. */
  load(): Promise<Sets>;
}

/** The same with its data. */
export interface Trained extends Omit<Opened, 'load' | 'rows'> {
  readonly sets: Sets;
}

/** What a command opens a run by. */
export interface TrainedOptions {
  readonly dataDir?: string;
  /** By default the best step's where the run keeps that, else the newest whole one. */
  readonly checkpoint?: CheckpointChoice;
}

/**
 * Opens a run and loads a checkpoint of it; the state is the caller's.
 *
 * @throws FileError or ConfigError that says what is wrong with which file.
 */
export async function openModel(
  dir: string,
  { dataDir, checkpoint }: TrainedOptions,
  output: Output,
  known: Known,
): Promise<Opened> {
  const run = await openRun(dir);
  const config = parseRunConfig(run.config, join(run.dir, 'config.json'));
  expectPlugins(config.plugins, known, run.dir);
  const { registry } = known;
  const model = registry.build(modelCategory, config.model);
  const folder = dataFolder(dataDir, config.dataDir);
  const { training } = lastLeg(config);
  const best = keepsBest(training) && (await hasBestCheckpoint(run));
  const choice = checkpoint ?? (best ? 'best' : 'last');
  const { state, skipped } = await restore(run, model, training, config.rows, registry, choice);
  warnOfSkipped(skipped, output);
  const load = async (): Promise<Sets> => {
    const sets = await configuredData(config.data, fileOptions(folder, output, known));
    expectForm(sets, config.rows, run.dir);
    return sets;
  };
  return {
    run,
    known,
    dataDir: folder,
    model,
    state,
    params: bestParams(state),
    rows: {
      ...config.rows,
      onLabels: isOnLabels(config.data.test),
      read: async () => (await load()).test,
    },
    load,
  };
}

/**
 * Opens a run with its data.
 *
 * @throws as `openModel`, and DataError for data that are not found or not those of the run.
 */
export async function openTrained(
  dir: string,
  options: TrainedOptions,
  output: Output,
  known: Known,
): Promise<Trained> {
  const { load, run, dataDir, model, state, params } = await openModel(dir, options, output, known);
  try {
    return { run, known, dataDir, model, state, params, sets: await load() };
  } catch (error) {
    disposeState(state);
    throw error;
  }
}

/** Says which checkpoints were passed over. */
export function warnOfSkipped(skipped: readonly string[], output: Output): void {
  for (const reason of skipped) output.note(`Warning: passed over a broken checkpoint. ${reason}`);
}
