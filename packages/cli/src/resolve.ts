import { closest, ConfigError, messageOf, parseJson, type Json } from '@elbo/core';
import { describeSets, type Sets } from '@elbo/datasets';
import { deriveSets } from '@elbo/datasets/node';
import { readWhole } from '@elbo/files';
import type { Recipe } from '@elbo/recipes';
import { openRun } from '@elbo/runs';
import { parseTrainingConfig, trainingOptionNames, type TrainingConfig } from '@elbo/training';
import { basename, join } from 'node:path';
import type { TrainFlags } from './commands/train.js';
import { chooseData, dataConfig, dataFolder, fileOptions } from './data.js';
import { expectPlugins, recipeNamed, type Known } from './known.js';
import { furtherOf, type Further } from './legs.js';
import type { Output } from './output.js';
import {
  expectRowsForWorkers,
  parseGivenConfig,
  parseRunConfig,
  type UnloadedConfig,
} from './run_config.js';
import { parseSetting, replaceAt, type Setting } from './settings.js';
import { UsageError } from './usage.js';

/** A configuration, its sets where they had to be loaded to resolve it, and what to call the run. */
export interface Resolution {
  readonly config: UnloadedConfig;
  readonly sets: Sets | undefined;
  readonly title: string;
  /** Whether the steps of a stored configuration were replaced. */
  readonly changedSteps: boolean;
  /** What a run to go on with is to get more. */
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

/** A training configuration with what the command always does: report, validate and write checkpoints. */
function complete(training: TrainingConfig): TrainingConfig {
  const often = Math.max(1, Math.min(100, Math.floor(training.steps / 20)));
  return parseTrainingConfig({
    every: often,
    validateEvery: Math.max(often, Math.floor(training.steps / 20)),
    validateRows: 1000,
    checkpointEvery: Math.max(often, Math.floor(training.steps / 10)),
    ...training,
  });
}

/**
 * The configuration that the flags of `elbo train` mean: a model by name with its recipe's defaults, a file, or that of
 * a run to go on with.
 *
 * @throws UsageError for flags that contradict each other; ConfigError for options that are unknown or do not fit.
 */
export async function resolveConfig(
  name: string | undefined,
  flags: TrainFlags,
  output: Output,
  known: Known,
): Promise<Resolution> {
  const sources = [name, flags.config, flags.resume].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new UsageError(
      'Say what to train, one of: a model (elbo train avb), --config FILE, or --resume RUN.',
    );
  const settings = (flags.set ?? []).map(parseSetting);
  const resolution =
    name === undefined
      ? await fromFile(flags, settings, known)
      : await fromRecipe(name, flags, settings, output, known);
  expectRowsForWorkers(resolution.config);
  return resolution;
}

async function fromRecipe(
  name: string,
  flags: TrainFlags,
  settings: readonly Setting[],
  output: Output,
  known: Known,
): Promise<Resolution> {
  const recipe = recipeNamed(name, known);
  const data = flags.data ?? defaults.data;
  const ours = ({ key }: Setting): boolean => trainingOptionNames.includes(key);
  checkNames(recipe, settings);
  const of = (some: readonly Setting[]): Readonly<Record<string, Json>> =>
    Object.fromEntries(some.map(({ key, value }) => [key, value]));
  const options = of(settings.filter((setting) => !ours(setting)));
  const given = of(settings.filter(ours));
  const base = parseTrainingConfig({
    steps: flags.steps ?? defaults.steps,
    batchSize: flags.batchSize ?? defaults.batchSize,
    seed: flags.seed ?? defaults.seed,
    primal: { kind: 'adam', learningRate: 1e-3 },
    ...given,
  });
  const { steps, batchSize } = base;
  // A wrong option should not wait for a download.
  recipe.build({ shape: [1], unit: true, classes: 2 }, options, { steps, batchSize });
  const dataDir = dataFolder(flags.dataDir);
  const { holdOut, condition = defaults.condition } = flags;
  const { binarise = recipe.greys ? 'none' : defaults.binarise } = flags;
  const found = await chooseData(
    { data, dataDir, binarise, condition, holdOut },
    fileOptions(dataDir, output, known),
  );
  const {
    model,
    training,
    prepare = (train) => train,
  } = recipe.build(await describeSets(found), options, { steps, batchSize });
  const sets = { ...found, train: prepare(found.train) };
  const config: UnloadedConfig = {
    format: 2,
    model: model.config,
    ...dataConfig(sets, dataDir),
    // What was set by hand wins over the recipe.
    training: complete({
      ...base,
      ...training,
      ...given,
      ...(flags.keep !== undefined && { keep: flags.keep }),
    }),
    backend: flags.backend ?? 'auto',
    workers: flags.workers ?? 1,
    ...pluginsOf(known),
  };
  return { config, sets, title: titleOf(config), changedSteps: false };
}

/** @throws UsageError for a setting that neither the model nor training has, with the nearest that one has. */
function checkNames(recipe: Recipe, settings: readonly Setting[]): void {
  const known = [...Object.keys(recipe.options), ...trainingOptionNames];
  for (const { key } of settings) {
    if (known.includes(key)) continue;
    const near = closest(key, known);
    throw new UsageError(
      `--set ${key}: ${recipe.name} has no such option${near === undefined ? ` (it has ${known.join(', ')}).` : `; did you mean '${near}'?`}`,
    );
  }
}

async function fromFile(
  flags: TrainFlags,
  settings: readonly Setting[],
  known: Known,
): Promise<Resolution> {
  const chosen = [flags.data, flags.holdOut, flags.binarise, flags.condition];
  if (chosen.some((flag) => flag !== undefined))
    throw new UsageError(
      '--data, --hold-out, --binarise and --condition go with a model by name; a configuration names its own data.',
    );
  const changedSteps =
    flags.steps !== undefined || settings.some(({ key }) => key === 'training.steps');
  if (flags.resume !== undefined) {
    const further = furtherOf(flags, settings);
    const run = await openRun(flags.resume);
    const where = join(run.dir, 'config.json');
    const { backend, workers } = flags;
    const as = {
      dataDir: flags.dataDir,
      ...(backend !== undefined && { backend }),
      ...(workers && { workers }),
    };
    const config = overridden(parseRunConfig(run.config, where), as, known, run.dir);
    return { config, sets: undefined, title: titleOf(config), changedSteps: false, further };
  }
  const path = flags.config!;
  const bytes = await readWhole(path);
  let json: Json;
  try {
    json = parseJson(bytes, path);
  } catch (error) {
    throw new ConfigError(messageOf(error), { cause: error });
  }
  const given = parseGivenConfig(settings.reduce(replaceAt, json), path);
  const other = [flags.steps, flags.batchSize, flags.keep].some((flag) => flag !== undefined);
  if (given.legs && (other || settings.some(({ key }) => key.startsWith('training.'))))
    throw new UsageError(
      `${path} has further legs, which are repeated as they are, with another --seed if you like. For other training options take "legs" out of a copy.`,
    );
  const data = await deriveSets(given.data, { named: known.datasets });
  const config = overridden({ ...given, data }, flags, known, path);
  return { config, sets: undefined, title: titleOf(config), changedSteps };
}

/** What wins over a stored configuration. */
type Overriding = Pick<
  TrainFlags,
  'steps' | 'seed' | 'batchSize' | 'keep' | 'backend' | 'workers'
> & {
  readonly dataDir?: string | undefined;
};

/** `--data-dir`, `--steps`, `--seed`, `--batch-size`, `--backend` and `--workers` win over the file. */
function overridden(
  config: UnloadedConfig,
  { dataDir, steps, seed, batchSize, keep, backend, workers }: Overriding,
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
    ...(backend !== undefined && { backend }),
    ...(workers !== undefined && { workers }),
    ...pluginsOf(known),
  };
}

/** What a run remembers of the plugins of this command line. */
function pluginsOf({ plugins }: Known): Pick<UnloadedConfig, 'plugins'> {
  return plugins.length > 0 ? { plugins: plugins.map(({ name }) => name) } : {};
}

/** What a run is called: its model and its data. */
function titleOf({ model, data }: UnloadedConfig): string {
  let inner: Readonly<Record<string, unknown>> = data.train;
  while (typeof inner.data === 'object' && inner.data !== null)
    inner = inner.data as Readonly<Record<string, unknown>>;
  const source = inner.source ?? inner.kind;
  // A standardised model is called what it is besides.
  const named = typeof model.model === 'object' ? (model.model as typeof model) : model;
  return `${named.kind}-${basename(String(source))}`;
}
