import type { Sets } from '@elbo/datasets';
import { modelCategory, type Model, type ModelParams } from '@elbo/objectives';
import { openRun, type RunDirectory } from '@elbo/runs';
import type { State } from '@elbo/training';
import { join } from 'node:path';
import { configuredData, fileOptions } from './data.js';
import { expectPlugins, type Known } from './known.js';
import type { Output } from './output.js';
import { bestParams, restore } from './restore.js';
import { parseRunConfig } from './run_config.js';

/** A run with its newest whole checkpoint on the device. */
export interface Trained {
  readonly run: RunDirectory;
  readonly known: Known;
  readonly sets: Sets;
  readonly model: Model;
  readonly state: State;
  readonly params: ModelParams;
}

/**
 * Opens a run and loads its newest whole checkpoint; the state is the caller's.
 *
 * @throws FileError, ConfigError or DataError that says what is wrong with which file.
 */
export async function openTrained(
  dir: string,
  { dataDir }: { readonly dataDir?: string },
  output: Output,
  known: Known,
): Promise<Trained> {
  const run = await openRun(dir);
  const config = parseRunConfig(run.config, join(run.dir, 'config.json'));
  expectPlugins(config.plugins, known, run.dir);
  const model = known.registry.build(modelCategory, config.model);
  const sets = await configuredData(config.data, fileOptions(dataDir, output, known));
  const { state, skipped } = await restore(run, model, config.training, sets.train, known.registry);
  warnOfSkipped(skipped, output);
  return { run, known, sets, model, state, params: bestParams(state) };
}

/** Says which checkpoints were passed over. */
export function warnOfSkipped(skipped: readonly string[], output: Output): void {
  for (const reason of skipped) output.note(`Warning: passed over a broken checkpoint. ${reason}`);
}
