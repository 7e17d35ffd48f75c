import { ConfigError, messageOf, parseJson, type Json } from '@elbo/core';
import {
  resolveConfig,
  resolveRecipe,
  resolveRun,
  type Known,
  type Resolution,
} from '@elbo/experiments';
import { readWhole } from '@elbo/files';
import { furtherOf } from './further.js';
import type { Output } from './output.js';
import { parseSetting } from './parse_setting.js';
import type { TrainFlags } from './train_flags.js';
import { takeReading } from './reading_flags.js';
import { UsageError } from './usage.js';

/**
 * The configuration that the flags of `elbo train` mean: a model by name with its recipe's defaults, a file, or that of
 * a run to go on with.
 *
 * @throws UsageError for flags that contradict each other; RequestError or ConfigError for what does not exist or fit.
 */
export async function resolveFlags(
  name: string | undefined,
  flags: TrainFlags,
  output: Output,
  known: Known,
): Promise<Resolution> {
  const sources = [name, flags.config, flags.resume].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new UsageError(
      'Say what to train: a model (elbo train avb), --config FILE, or --resume RUN.',
    );
  const { reading, others } = takeReading(flags);
  const { set = [], config, resume, ...request } = others;
  const settings = set.map(parseSetting);
  if (name !== undefined) {
    const options = Object.fromEntries(settings.map(({ key, value }) => [key, value]));
    return resolveRecipe(
      { ...request, model: name, options, ...(reading && { reading }) },
      known,
      output,
    );
  }
  const { data, holdOut, binarise, condition, augment, ...training } = request;
  const ofData = [data, holdOut, binarise, condition, augment, reading];
  if (ofData.some((flag) => flag !== undefined))
    throw new UsageError(
      '--data, --hold-out, --binarise, --condition, --augment and the options that say how to read data are for a named model; a configuration names its own data.',
    );
  if (resume !== undefined) {
    const { dataDir, backend, workers } = training;
    const further = furtherOf(flags, settings);
    return resolveRun({ dir: resume, dataDir, backend, workers, further }, known);
  }
  const json = await readConfig(config!);
  return resolveConfig({ ...training, config: json, where: config!, settings }, known);
}

async function readConfig(path: string): Promise<Json> {
  const bytes = await readWhole(path);
  try {
    return parseJson(bytes, path);
  } catch (error) {
    throw new ConfigError(messageOf(error), { cause: error });
  }
}
