import { closest, type Json } from '@elbo/core';
import {
  describeSets,
  type Augmentation,
  type Binarisation,
  type HoldOut,
  type Sets,
} from '@elbo/datasets';
import { deriveSets, type Reading } from '@elbo/datasets/node';
import type { Model } from '@elbo/objectives';
import type { Recipe } from '@elbo/recipes';
import { openRun } from '@elbo/runs';
import { parseTrainingConfig, trainingOptionNames } from '@elbo/training';
import { join } from 'node:path';
import type { Host } from '../host.js';
import { expectPlugins, recipeNamed, type Known } from '../known.js';
import { RequestError } from '../request_error.js';
import { complete, pluginsOf, titleOf } from './completed.js';
import { chooseData, dataConfig, dataFolder, fileOptions } from './data.js';
import type { Further } from './legs.js';
import {
  expectRowsForWorkers,
  parseGivenConfig,
  parseRunConfig,
  type UnloadedConfig,
} from './run_config.js';
import { sayLikelihood } from './say_likelihood.js';
import { replaceAt, type Setting } from './settings.js';
import { absolute, type WarmStart } from './warm_start.js';

/** A configuration, its sets where they had to be loaded to resolve it, and what to call the run. */
export interface Resolution {
  readonly config: UnloadedConfig;
  readonly sets: Sets | undefined;
  readonly title: string;
  /** Whether the steps of a stored configuration were replaced. */
  readonly changedSteps: boolean;
  /** The model, where a program composed it; else the configuration says it. */
  readonly model?: Model | undefined;
  /** The run to go on with, and what it is to get more. */
  readonly resume?: { readonly dir: string; readonly further: Further | undefined } | undefined;
}

/** What can be asked of every run, and wins over what is stored. */
export interface TrainingRequest {
  /** Where files of data that have names are looked for first. */
  readonly dataDir?: string | undefined;
  readonly steps?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly seed?: number | undefined;
  readonly keep?: 'best' | 'last' | undefined;
  readonly backend?: string | undefined;
  readonly workers?: number | undefined;
  /** Whose parameters it begins with. */
  readonly from?: WarmStart | undefined;
}

/** A model by name, on data by name. */
export interface RecipeRequest extends TrainingRequest {
  readonly model: string;
  /** Options of the model and of training, by name. */
  readonly options?: Readonly<Record<string, Json>> | undefined;
  /** A name of the catalogue, or a path; strokes by default. */
  readonly data?: string | undefined;
  /** How files are read, where their format leaves a choice. */
  readonly reading?: Reading | undefined;
  readonly holdOut?: HoldOut | undefined;
  readonly binarise?: Binarisation | 'none' | undefined;
  readonly condition?: 'label' | 'none' | undefined;
  /** How images to train on are varied at every read. */
  readonly augment?: readonly Augmentation[] | undefined;
}

/** A configuration that a person wrote. */
export interface ConfigRequest extends TrainingRequest {
  readonly config: Json;
  /** Names it in errors. */
  readonly where: string;
  /** What is replaced in it. */
  readonly settings?: readonly Setting[] | undefined;
}

/** A run to go on with. */
export interface RunRequest extends Pick<TrainingRequest, 'dataDir' | 'backend' | 'workers'> {
  readonly dir: string;
  readonly further?: Further | undefined;
}

const defaults = {
  data: 'strokes',
  binarise: 'dynamic',
  condition: 'none',
  steps: 5000,
  batchSize: 128,
  seed: 0,
} as const;

/**
 * The configuration of a model by name, with its recipe's defaults.
 *
 * @throws RequestError for a model or an option that does not exist; ConfigError for one that does not fit.
 *
 * @example
 * ```ts
 * import { knownWith, quiet, resolveRecipe } from '@elbo/experiments';
 *
 * const request = { model: 'avb', data: 'strokes', options: { steps: 100 } };
 * const { config } = await resolveRecipe(request, knownWith({}), quiet);
 * console.log(config.model.kind, config.training.steps); // avb 100
 * ```
 */
export async function resolveRecipe(
  request: RecipeRequest,
  known: Known,
  host: Host,
): Promise<Resolution> {
  const recipe = recipeNamed(request.model, known);
  const { data = defaults.data, holdOut, condition = defaults.condition, augment } = request;
  const { binarise = recipe.keepsGreys ? 'none' : defaults.binarise } = request;
  checkNames(recipe, Object.keys(request.options ?? {}));
  const ofTraining = ([name]: readonly [string, Json]): boolean =>
    trainingOptionNames.includes(name);
  const all = Object.entries(request.options ?? {});
  const options = Object.fromEntries(all.filter((entry) => !ofTraining(entry)));
  const given = Object.fromEntries(all.filter(ofTraining));
  const base = parseTrainingConfig({
    steps: request.steps ?? defaults.steps,
    batchSize: request.batchSize ?? defaults.batchSize,
    seed: request.seed ?? defaults.seed,
    primal: { kind: 'adam', learningRate: 1e-3 },
    ...given,
  });
  const { steps, batchSize } = base;
  // A wrong option should not wait for a download.
  recipe.build({ shape: [8, 8, 1], unit: true, classes: 2 }, options, { steps, batchSize });
  const dataDir = dataFolder(request.dataDir);
  const found = await chooseData(
    { data, dataDir, binarise, condition, holdOut, augment, reading: request.reading },
    fileOptions(dataDir, host, known),
  );
  const traits = await describeSets(found);
  const {
    model,
    training,
    prepare = (train) => train,
  } = recipe.build(traits, options, { steps, batchSize });
  const said = sayLikelihood(traits, model.config);
  if (said !== undefined) host.note(said);
  const sets = { ...found, train: prepare(found.train) };
  const config: UnloadedConfig = {
    format: 2,
    model: model.config,
    ...dataConfig(sets, dataDir),
    ...(request.from && { from: absolute(request.from) }),
    // What was set by hand wins over the recipe.
    training: complete({
      ...base,
      ...training,
      ...given,
      ...(request.keep !== undefined && { keep: request.keep }),
    }),
    backend: request.backend ?? 'auto',
    workers: request.workers ?? 1,
    ...pluginsOf(known),
  };
  return checked({ config, sets, title: titleOf(config), changedSteps: false });
}

/** @throws RequestError for an option that neither the model nor training has, with the nearest that one has. */
function checkNames(recipe: Recipe, names: readonly string[]): void {
  const known = [...Object.keys(recipe.options), ...trainingOptionNames];
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = closest(name, known);
    throw new RequestError(
      `${recipe.name} has no option '${name}'${near === undefined ? ` (it has ${known.join(', ')}).` : `; did you mean '${near}'?`}`,
    );
  }
}

/**
 * A configuration that a person wrote, with what can be told from the rest.
 *
 * @throws ConfigError that names what is missing, unknown or of the wrong form; RequestError for plugins that it needs and
 * that are not loaded, and for other training options where it has further legs.
 */
export async function resolveConfig(
  { config: json, where, settings = [], ...request }: ConfigRequest,
  known: Known,
): Promise<Resolution> {
  const given = parseGivenConfig(settings.reduce(replaceAt, json), where);
  const { steps, batchSize, keep } = request;
  const other = [steps, batchSize, keep].some((option) => option !== undefined);
  if (given.legs && (other || settings.some(({ key }) => key.startsWith('training.'))))
    throw new RequestError(
      `${where} has further legs. They are repeated as they are, and only the seed can be changed. To set other training options, remove "legs" from a copy.`,
    );
  const data = await deriveSets(given.data, { named: known.datasets });
  const config = overridden({ ...given, data }, request, known, where);
  const changedSteps = steps !== undefined || settings.some(({ key }) => key === 'training.steps');
  return checked({ config, sets: undefined, title: titleOf(config), changedSteps });
}

/**
 * The configuration of a run to go on with.
 *
 * @throws FileError or ConfigError when it is broken or of another version; RequestError for plugins that are not loaded.
 */
export async function resolveRun(
  { dir, further, ...request }: RunRequest,
  known: Known,
): Promise<Resolution> {
  const run = await openRun(dir);
  const stored = parseRunConfig(run.config, join(run.dir, 'config.json'));
  const config = overridden(stored, request, known, run.dir);
  return checked({
    config,
    sets: undefined,
    title: titleOf(config),
    changedSteps: false,
    resume: { dir, further },
  });
}

function checked(resolution: Resolution): Resolution {
  expectRowsForWorkers(resolution.config);
  return resolution;
}

/** A stored configuration with what wins over it. */
function overridden(
  config: UnloadedConfig,
  { dataDir, steps, seed, batchSize, keep, backend, workers, from }: TrainingRequest,
  known: Known,
  where: string,
): UnloadedConfig {
  expectPlugins(config.plugins, known, where);
  return {
    ...config,
    dataDir: dataFolder(dataDir, config.dataDir),
    training: complete({
      ...config.training,
      ...(steps !== undefined && { steps }),
      ...(seed !== undefined && { seed }),
      ...(batchSize !== undefined && { batchSize }),
      ...(keep !== undefined && { keep }),
    }),
    ...(config.legs &&
      seed !== undefined && {
        legs: config.legs.map(({ from, training }) => ({ from, training: { ...training, seed } })),
      }),
    ...(from && { from: absolute(from) }),
    ...(backend !== undefined && { backend }),
    ...(workers !== undefined && { workers }),
    ...pluginsOf(known),
  };
}
