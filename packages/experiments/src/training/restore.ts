import type { HostTensor, Registry } from '@elbo/core';
import { conditionShape } from '@elbo/datasets';
import { weightsFrom, type Model, type ModelParams, type Weights } from '@elbo/objectives';
import {
  chosenCheckpoint,
  hasBestCheckpoint,
  type CheckpointChoice,
  type RunDirectory,
} from '@elbo/runs';
import {
  disposeState,
  initialState,
  keepsBest,
  stateFrom,
  trainOptions,
  type State,
  type TrainingConfig,
} from '@elbo/training';
import { join } from 'node:path';
import type { RowForm } from '../config/row_form.js';
import { lastLeg, type ResolvedConfig } from '../config/run_config.js';

/** The state of a model before its first step, with the parameters that `adopt` makes of its own. The caller's. */
export function initialFor(
  model: Model,
  training: TrainingConfig,
  rows: RowForm,
  registry: Registry,
  adopt?: (params: ModelParams) => ModelParams,
): State {
  const { primal, dual, ema, seed } = trainOptions(training, registry);
  return initialState(
    model,
    { primal, dual: dual ?? primal },
    {
      seed,
      x: rows.shape,
      condition: conditionShape(rows),
      ema: ema !== undefined,
      adopt,
    },
  );
}

/** What a run's checkpoint holds. */
export interface Restored {
  /** The caller's. */
  state: State;
  /** The seed that it was trained with. */
  readonly seed: number;
  /** The version of the numerics that trained it. */
  readonly numerics: string;
  /** The checkpoint's path. */
  readonly path: string;
  /** What is wrong with each newer checkpoint. */
  readonly skipped: readonly string[];
}

/**
 * Loads a checkpoint of a run: its newest whole one, unless another is chosen.
 *
 * @throws FileError when there is none, or it does not fit the model.
 */
export async function restore(
  run: RunDirectory,
  model: Model,
  training: TrainingConfig,
  rows: RowForm,
  registry: Registry,
  choice: CheckpointChoice = 'last',
): Promise<Restored> {
  const { name, checkpoint, skipped } = await chosenCheckpoint(run, choice);
  const path = join(run.dir, 'checkpoints', name);
  const like = initialFor(model, training, rows, registry);
  try {
    const { seed, numerics } = checkpoint;
    return { state: stateFrom(checkpoint, like, path), seed, numerics, path, skipped };
  } finally {
    disposeState(like);
  }
}

/** What of a run's checkpoint a model is used by. */
export interface RestoredWeights {
  /** The step that they are of. */
  readonly step: number;
  /** Whether those of the primal player are its moving average. */
  readonly averaged: boolean;
  /** The caller's. */
  readonly params: ModelParams;
  /** What is wrong with each newer checkpoint. */
  readonly skipped: readonly string[];
}

/**
 * Loads the parameters to use of a run's checkpoint, and nothing of the optimisers: the primal player's moving average where there
 * is one.
 *
 * @throws FileError when there is none, or it does not fit the model.
 */
export async function restoreWeights(
  run: RunDirectory,
  model: Model,
  rows: RowForm,
  choice: CheckpointChoice,
): Promise<RestoredWeights> {
  const { weights, where, ...found } = await weightsOf(run, choice);
  return { ...found, params: weightsFrom(model, rows, weights, where) };
}

/** The same on the host, by path, whatever model it is of. */
export async function weightsOf(
  run: RunDirectory,
  choice: CheckpointChoice,
): Promise<
  Omit<RestoredWeights, 'params'> & { readonly weights: Weights; readonly where: string }
> {
  const { name, checkpoint, skipped } = await chosenCheckpoint(run, choice);
  const { tensors, step } = checkpoint;
  const below = (folder: string): [string, HostTensor][] =>
    [...tensors].flatMap(([path, leaf]) =>
      path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), leaf]] : [],
    );
  const average = below('ema');
  return {
    step,
    averaged: average.length > 0,
    weights: new Map([...below('params'), ...average]),
    where: join(run.dir, 'checkpoints', name),
    skipped,
  };
}

/** The checkpoint that a run is used by: of its best step where it keeps that, else the newest whole one. */
export async function usualCheckpoint(
  run: RunDirectory,
  config: Pick<ResolvedConfig, 'training' | 'legs'>,
): Promise<CheckpointChoice> {
  const best = keepsBest(lastLeg(config).training) && (await hasBestCheckpoint(run));
  return best ? 'best' : 'last';
}

/** The parameters to use: the primal player's moving average where there is one. */
export function bestParams({ params, ema }: State): State['params'] {
  return { ...params, primal: ema ?? params.primal };
}
