import {
  ConfigError,
  describeOption,
  exactly,
  nested,
  whole,
  type Config,
  type OptionType,
  type Registry,
  type Store,
} from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { optimiserCategory } from '@elbo/optimisers';
import * as v from 'valibot';
import type { TrainOptions } from './options.js';

/** The options of `train` that a file can hold; how they mean is told there. */
export interface TrainingConfig {
  readonly steps: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly primal: Config;
  readonly dual?: Config | undefined;
  readonly dualSteps?: number | undefined;
  readonly simultaneous?: boolean | undefined;
  readonly warmUp?: number | undefined;
  readonly ema?: number | undefined;
  readonly every?: number | undefined;
  readonly validateEvery?: number | undefined;
  readonly validateRows?: number | undefined;
  /** The validation metric that tells the best step; see `early` of `train`. */
  readonly watch?: string | undefined;
  readonly patience?: number | undefined;
  /** Whether the best step's checkpoint is kept too; by default where there is `patience`. */
  readonly keep?: 'best' | 'last' | undefined;
  readonly checkpointEvery?: number | undefined;
}

const schema = exactly({
  steps: whole(1),
  batchSize: whole(1),
  seed: v.pipe(v.number(), v.safeInteger()),
  primal: nested,
  dual: v.optional(nested),
  dualSteps: v.optional(whole(1)),
  simultaneous: v.optional(v.boolean()),
  warmUp: v.optional(whole(0)),
  ema: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1))),
  every: v.optional(whole(1)),
  validateEvery: v.optional(whole(1)),
  validateRows: v.optional(whole(1)),
  watch: v.optional(v.string()),
  patience: v.optional(whole(1)),
  keep: v.optional(v.picklist(['best', 'last'])),
  checkpointEvery: v.optional(whole(1)),
});

/** The names of the options of a training configuration. */
export const trainingOptionNames: readonly string[] = Object.keys(schema.entries);

/** What each of them may be. */
export const trainingOptionTypes: Readonly<Record<string, OptionType>> = Object.fromEntries(
  Object.entries(schema.entries).map(([name, entry]) => [name, describeOption(entry)]),
);

/** @throws ConfigError that names the option which is unknown or does not fit. */
export function parseTrainingConfig(value: unknown): TrainingConfig {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const path = v.getDotPath(issue) ?? '';
  throw new ConfigError(
    issue.expected === 'never'
      ? `training: unknown option '${path}' (it has ${trainingOptionNames.join(', ')}).`
      : `training: option '${path}': expected ${issue.expected ?? 'another value'}, got ${issue.received}.`,
  );
}

/** Whether a run of this configuration keeps the checkpoint of its best step. */
export function keepsBest({ keep, patience }: TrainingConfig): boolean {
  return keep === undefined ? patience !== undefined : keep === 'best';
}

/** The options of `train` for a configuration, and for what no file can hold. */
export function trainOptions(
  training: TrainingConfig,
  registry: Registry,
  { held, store }: { readonly held?: Dataset | undefined; readonly store?: Store | undefined } = {},
): TrainOptions {
  const { primal, dual, validateEvery, validateRows, watch, patience, checkpointEvery } = training;
  const { steps, batchSize, seed, dualSteps, simultaneous, warmUp, ema, every } = training;
  const plain = { steps, batchSize, seed, dualSteps, simultaneous, warmUp, ema, every };
  const best = keepsBest(training);
  const given = Object.entries(plain).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as Pick<TrainOptions, 'steps' | 'batchSize' | 'seed'>),
    primal: registry.build(optimiserCategory, primal),
    ...(dual && { dual: registry.build(optimiserCategory, dual) }),
    ...(held &&
      validateEvery !== undefined && {
        validate: { data: held, every: validateEvery, ...(validateRows && { rows: validateRows }) },
      }),
    ...((patience !== undefined || best) && {
      early: {
        ...(watch !== undefined && { metric: watch }),
        ...(patience !== undefined && { patience }),
      },
    }),
    ...(store &&
      checkpointEvery !== undefined && { checkpoint: { store, every: checkpointEvery, best } }),
  };
}
