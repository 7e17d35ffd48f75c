import type { Sets } from '@elbo/datasets';
import { modelCategory, type Model, type ModelParams } from '@elbo/objectives';
import { hasBestCheckpoint, openRun, type CheckpointChoice, type RunDirectory } from '@elbo/runs';
import { keepsBest, type State } from '@elbo/training';
import { join } from 'node:path';
import { configuredData, dataFolder, fileOptions } from './data.js';
import { expectPlugins, type Known } from './known.js';
import type { Output } from './output.js';
import { bestParams, restore } from './restore.js';
import { lastLeg, parseRunConfig } from './run_config.js';

/** A run with a checkpoint of it on the device. */
export interface Trained {
  readonly run: RunDirectory;
  readonly known: Known;
  readonly sets: Sets;
  /** Where files of other data are looked for first, as those of its own were. */
  readonly dataDir: string | undefined;
  readonly model: Model;
  readonly state: State;
  readonly params: ModelParams;
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
 * @throws FileError, ConfigError or DataError that says what is wrong with which file.
 */
export async function openTrained(
  dir: string,
  { dataDir, checkpoint }: TrainedOptions,
  output: Output,
  known: Known,
): Promise<Trained> {
  const run = await openRun(dir);
  const config = parseRunConfig(run.config, join(run.dir, 'config.json'));
  expectPlugins(config.plugins, known, run.dir);
  const model = known.registry.build(modelCategory, config.model);
  const folder = dataFolder(dataDir, config.dataDir);
  const sets = await configuredData(config.data, fileOptions(folder, output, known));
  const { training } = lastLeg(config);
  const best = keepsBest(training) && (await hasBestCheckpoint(run));
  const choice = checkpoint ?? (best ? 'best' : 'last');
  const { registry } = known;
  const restored = await restore(run, model, training, sets.train, registry, choice);
  const { state, skipped } = restored;
  warnOfSkipped(skipped, output);
  return { run, known, sets, dataDir: folder, model, state, params: bestParams(state) };
}

/** Says which checkpoints were passed over. */
export function warnOfSkipped(skipped: readonly string[], output: Output): void {
  for (const reason of skipped) output.note(`Warning: passed over a broken checkpoint. ${reason}`);
}
