import { expectAlike, heldOut, usualShare, type Dataset, type Sets } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import type { Optimiser } from '@elbo/optimisers';
import { holdsRun, openRun } from '@elbo/runs';
import type { TrainingConfig } from '@elbo/training';
import { join } from 'node:path';
import { configDifferences } from '../comparison/differences.js';
import type { Known } from '../known.js';
import { RequestError } from '../request_error.js';
import { complete, pluginsOf, resolvedTraining, titleOf } from './completed.js';
import { dataConfig, dataFolder } from './data.js';
import type { Resolution } from './resolve.js';
import { formOf } from './row_form.js';
import {
  expectRowsForWorkers,
  lastLeg,
  parseRunConfig,
  toJson,
  type ResolvedConfig,
} from './run_config.js';
import { absolute, type WarmStart } from './warm_start.js';

/** How a program trains a model into a run. */
export interface ComposedTraining extends Omit<TrainingConfig, 'primal' | 'dual'> {
  /** The primal player's optimiser. */
  readonly primal: Optimiser;
  /** The dual player's; the primal's rule by default. */
  readonly dual?: Optimiser | undefined;
  /** A name, or the fastest that works, `auto`, by default. */
  readonly backend?: string | undefined;
  /** How many threads share each minibatch; 1 by default. More build the model from its config, with the plugins' kinds. */
  readonly workers?: number | undefined;
  /** Whose parameters it begins with. */
  readonly from?: WarmStart | undefined;
  /** What the report calls the run; by default the kinds of its model and its data. */
  readonly title?: string | undefined;
}

/**
 * What a program composed, to be trained into a folder: anew where it holds no run, else on from where that run stands. More steps
 * than it was to have are a further leg.
 *
 * @throws RequestError that names what is different in the run that the folder holds; DataError for sets that do not belong together.
 */
export async function resolveComposed(
  dir: string,
  model: Model,
  data: Dataset | Sets,
  { primal, dual, backend = 'auto', workers = 1, from, title, ...plain }: ComposedTraining,
  known: Known,
): Promise<Resolution> {
  const sets = setsOf(data);
  expectAlike(sets);
  const optimisers = { primal: primal.config, ...(dual && { dual: dual.config }) };
  const trainingOf = (steps: number): TrainingConfig =>
    resolvedTraining(complete({ ...plain, ...optimisers, steps }), known.registry);
  const config: ResolvedConfig = {
    format: 2,
    model: model.config,
    ...dataConfig(sets, dataFolder(undefined)),
    rows: formOf(sets.test),
    ...(from && { from: absolute(from) }),
    training: trainingOf(plain.steps),
    backend,
    workers,
    ...pluginsOf(known),
  };
  expectRowsForWorkers(config);
  const resolution = { sets, model, title: title ?? titleOf(config), changedSteps: false };
  if (!(await holdsRun(dir))) return { ...resolution, config };
  const run = await openRun(dir);
  const { legs, ...stored } = parseRunConfig(run.config, join(run.dir, 'config.json'));
  const asBegun = { ...config, training: trainingOf(stored.training.steps) };
  // Where data lie, and what computes, may change.
  const movable = { backend, workers, dataDir: undefined };
  const began = stored.from && { ...stored.from, digest: config.from?.digest };
  expectSame({ ...stored, ...movable, from: began }, { ...asBegun, ...movable }, run.dir);
  const { training } = lastLeg({ ...stored, legs });
  const further = plain.steps === training.steps ? undefined : { steps: plain.steps, settings: [] };
  return {
    ...resolution,
    config: { ...stored, ...(legs && { legs }), backend, workers, dataDir: config.dataDir },
    resume: { dir, further },
  };
}

/** The sets that are given, or those of a single dataset, of which some rows are held out. */
function setsOf(data: Dataset | Sets): Sets {
  if ('train' in data) return data;
  return heldOut(data, { validation: usualShare, test: usualShare });
}

/** @throws RequestError that names the first options which are others in the run. */
function expectSame(stored: ResolvedConfig, given: ResolvedConfig, dir: string): void {
  const differences = configDifferences([{ config: toJson(stored) }, { config: toJson(given) }]);
  if (differences.length === 0) return;
  const [first, second, ...more] = differences.map(
    ({ path, values: [before = 'nothing', now = 'nothing'] }) =>
      `${path} was ${before} and is ${now}`,
  );
  const others = more.length > 0 ? `, and ${more.length} more` : '';
  throw new RequestError(
    `${dir} holds the run of a different program: ${[first, second].filter(Boolean).join('; ')}${others}. Nothing in it was changed: choose another folder, or use what the run was started with.`,
  );
}
