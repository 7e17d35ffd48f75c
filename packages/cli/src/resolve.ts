import { ConfigError, FileError } from '@elbo/core';
import type { FileOptions } from '@elbo/datasets/node';
import { openRun } from '@elbo/runs';
import { parseTrainingConfig, trainingOptionNames, type TrainingConfig } from '@elbo/training';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { chooseData, type Sets } from './data.js';
import type { TrainFlags } from './commands/train.js';
import { parseRunConfig, type ResolvedConfig } from './run_config.js';
import { parseSetting, replaceAt, type Setting } from './settings.js';
import { recipeNamed } from './standard.js';
import { UsageError } from './usage.js';

/** A configuration, its sets where they had to be loaded to resolve it, and what to call the run. */
export interface Resolution {
  readonly config: ResolvedConfig;
  readonly sets: Sets | undefined;
  readonly title: string;
}

const defaults = { data: 'strokes', steps: 5000, batchSize: 128, seed: 0 } as const;

/**
 * The configuration that the flags of `elbo train` mean: a model by name with its recipe's defaults, a file, or that of
 * a run to go on with.
 *
 * @throws UsageError for flags that contradict each other; ConfigError for options that are unknown or do not fit.
 */
export async function resolveConfig(
  name: string | undefined,
  flags: TrainFlags,
  files: FileOptions,
): Promise<Resolution> {
  const sources = [name, flags.config, flags.resume].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new UsageError(
      'Say what to train, one of: a model (elbo train avb), --config FILE, or --resume RUN.',
    );
  const settings = flags.set.map(parseSetting);
  return name === undefined ? fromFile(flags, settings) : await fromRecipe(name, flags, settings, files);
}

async function fromRecipe(
  name: string,
  flags: TrainFlags,
  settings: readonly Setting[],
  files: FileOptions,
): Promise<Resolution> {
  const recipe = recipeNamed(name);
  const data = flags.data ?? defaults.data;
  const ours = (setting: Setting): boolean => trainingOptionNames.includes(setting.key.split('.')[0]!);
  const modelOptions = Object.fromEntries(
    settings.filter((s) => !ours(s)).map(({ key, value }) => [key, value]),
  );
  const given = Object.fromEntries(settings.filter(ours).map(({ key, value }) => [key, value]));
  const base = parseTrainingConfig({
    steps: flags.steps ?? defaults.steps,
    batchSize: flags.batchSize ?? defaults.batchSize,
    seed: flags.seed ?? defaults.seed,
    primal: { kind: 'adam', learningRate: 1e-3 },
    ...given,
  });
  const { steps, batchSize } = base;
  // A wrong option should not wait for a download.
  recipe.build({ shape: [1], unit: true }, modelOptions, { steps, batchSize });
  const sets = await chooseData({ data, dataDir: flags.dataDir, binarise: flags.binarise }, files);
  const { shape, binary } = sets.train;
  const { model, training } = recipe.build({ shape, unit: binary }, modelOptions, { steps, batchSize });
  const often = Math.max(1, Math.min(100, Math.floor(steps / 20)));
  const merged: TrainingConfig = {
    every: often,
    validateEvery: Math.max(often, Math.floor(steps / 20)),
    validateRows: 1000,
    checkpointEvery: Math.max(often, Math.floor(steps / 10)),
    ...base,
    ...training,
    // What was set by hand wins over the recipe.
    ...given,
  };
  return {
    config: {
      model: model.config,
      data: { train: sets.train.config, validation: sets.validation.config },
      training: parseTrainingConfig(merged),
      backend: flags.backend ?? 'auto',
    },
    sets,
    title: `${name}-${basename(data)}`,
  };
}

async function fromFile(flags: TrainFlags, settings: readonly Setting[]): Promise<Resolution> {
  if (flags.data !== undefined)
    throw new UsageError('--data goes with a model by name; a configuration names its own data.');
  if (flags.resume !== undefined) {
    if (flags.out !== undefined || settings.some(({ key }) => key !== 'training.steps'))
      throw new UsageError(
        '--resume goes on with a run as it is: it takes --steps, but no --out, and no --set of anything else.',
      );
    const run = await openRun(flags.resume);
    const config = parseRunConfig(run.config, `${run.dir}/config.json`);
    return { config: overridden(config, flags, settings), sets: undefined, title: basename(run.dir) };
  }
  const path = flags.config!;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new FileError(`${path} cannot be read (${(error as Error).message}).`, { cause: error });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path} is not JSON (${(error as Error).message}).`, { cause: error });
  }
  const config = parseRunConfig(settings.reduce(replaceAt, json), path);
  return { config: overridden(config, flags, []), sets: undefined, title: titleOf(config) };
}

/** `--steps`, `--seed`, `--batch-size` and `--backend` win over the file. */
function overridden(
  config: ResolvedConfig,
  { steps, seed, batchSize, backend }: TrainFlags,
  settings: readonly Setting[],
): ResolvedConfig {
  const set = settings.reduce(replaceAt, config);
  return {
    ...set,
    training: parseTrainingConfig({
      ...set.training,
      ...(steps !== undefined && { steps }),
      ...(seed !== undefined && { seed }),
      ...(batchSize !== undefined && { batchSize }),
    }),
    ...(backend !== undefined && { backend }),
  };
}

function titleOf({ model, data }: ResolvedConfig): string {
  let inner: Readonly<Record<string, unknown>> = data.train;
  while (typeof inner['data'] === 'object' && inner['data'] !== null)
    inner = inner['data'] as Readonly<Record<string, unknown>>;
  const source = inner['source'] ?? inner['kind'];
  return `${model.kind}-${basename(String(source))}`;
}
