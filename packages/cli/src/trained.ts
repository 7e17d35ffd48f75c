import { modelCategory, type Model, type ModelParams } from '@elbo/objectives';
import { latestCheckpoint, openRun, type RunDirectory } from '@elbo/runs';
import { initialState, stateFrom, trainOptions, disposeState, type State } from '@elbo/training';
import { configuredData, type Sets } from './data.js';
import type { FileOptions } from '@elbo/datasets/node';
import { parseRunConfig, type ResolvedConfig } from './run_config.js';
import { standard } from './standard.js';

/** A run with its newest whole checkpoint on the device. */
export interface Trained {
  readonly run: RunDirectory;
  readonly config: ResolvedConfig;
  readonly sets: Sets;
  readonly model: Model;
  readonly state: State;
  /** The parameters to use: the moving average where there is one. */
  readonly params: ModelParams;
  /** What was passed over on the way to a whole checkpoint. */
  readonly skipped: readonly string[];
}

/**
 * Opens a run and loads its newest whole checkpoint; the state is the caller's.
 *
 * @throws FileError, ConfigError or DataError that says what is wrong with which file.
 */
export async function openTrained(dir: string, files: FileOptions): Promise<Trained> {
  const run = await openRun(dir);
  const config = parseRunConfig(run.config, `${run.dir}/config.json`);
  const model = standard.build(modelCategory, config.model);
  const sets = await configuredData(config.data, files);
  const { name, checkpoint, skipped } = await latestCheckpoint(run);
  const { primal, dual, ema, seed } = trainOptions(config.training, standard);
  const like = initialState(
    model,
    { primal, dual: dual ?? primal },
    { seed, x: sets.train.shape, ema: ema !== undefined },
  );
  try {
    const state = stateFrom(checkpoint, like, `${run.dir}/checkpoints/${name}`);
    const params = { ...state.params, primal: state.ema ?? state.params.primal };
    return { run, config, sets, model, state, params, skipped };
  } finally {
    disposeState(like);
  }
}
