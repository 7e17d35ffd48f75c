import { ConfigError, exactly, nested, recordOf, whole, type Config, type Json } from '@elbo/core';
import { fieldEntry } from '@elbo/datasets';
import type { SetsConfig } from '@elbo/datasets/node';
import type { RunConfig } from '@elbo/runs';
import { parseTrainingConfig, type Leg, type TrainingConfig } from '@elbo/training';
import * as v from 'valibot';
import { expectRows, type RowForm } from './row_form.js';
import { warmStartEntry, type WarmStart } from './warm_start.js';

/** What the `config.json` of runs says that they are. The first had no test rows of their own, and did not say. */
const format = 2;

/** A run's whole resolved configuration: `config.json`. */
export interface ResolvedConfig {
  readonly format: typeof format;
  readonly model: Config;
  readonly data: SetsConfig;
  /** Where files of data that have names are looked for first. */
  readonly dataDir?: string | undefined;
  /** What the rows of all sets are like. */
  readonly rows: RowForm;
  /** Whose parameters it began with, if not with its own. */
  readonly from?: WarmStart | undefined;
  /** Of the first leg. */
  readonly training: TrainingConfig;
  /** What the run went on with after it, each from the step where the one before ended. */
  readonly legs?: readonly Leg[] | undefined;
  /** What `--backend` asked for. */
  readonly backend: string;
  /** How many workers share each minibatch. */
  readonly workers: number;
  /** The names of the plugins that it needs; which code that is, a command line says. */
  readonly plugins?: readonly string[] | undefined;
}

/** The same where data need not have been loaded yet. */
export type UnloadedConfig = Omit<ResolvedConfig, 'rows'> & { readonly rows?: RowForm | undefined };

/** A configuration that a person wrote: what can be told from the rest may be missing. */
export type GivenConfig = Omit<UnloadedConfig, 'data'> & {
  readonly data: Pick<SetsConfig, 'train'> & Partial<SetsConfig>;
};

const count = whole(1);

const schema = exactly({
  format: v.optional(v.literal(format), format),
  model: nested,
  data: exactly({
    train: nested,
    validation: v.exactOptional(nested),
    test: v.exactOptional(nested),
  }),
  dataDir: v.optional(v.string()),
  rows: v.optional(
    exactly({
      shape: v.array(count),
      conditions: v.exactOptional(count),
      alphabet: v.exactOptional(v.array(v.string())),
      fields: v.exactOptional(v.array(fieldEntry)),
      classNames: v.exactOptional(v.array(v.string())),
    }),
  ),
  from: v.exactOptional(warmStartEntry),
  training: recordOf(v.unknown()),
  legs: v.optional(
    v.array(
      exactly({
        from: count,
        training: recordOf(v.unknown()),
      }),
    ),
  ),
  backend: v.optional(v.string(), 'auto'),
  workers: v.optional(count, 1),
  plugins: v.optional(v.array(v.string())),
});

/**
 * The configuration that a run keeps.
 *
 * @throws ConfigError for that of another version, and as `parseGivenConfig`.
 */
export function parseRunConfig(value: unknown, where: string): ResolvedConfig {
  const written = typeof value === 'object' && value !== null && 'format' in value;
  if (!written)
    throw new ConfigError(
      `${where} does not say "format": ${format}, so an earlier version of elbo wrote this run, and this version cannot resume it. Train it again: elbo train --config ${where}`,
    );
  const { data, rows, ...rest } = parseGivenConfig(value, where);
  const { train, validation, test } = data;
  if (!validation || !test)
    throw new ConfigError(`${where}: 'data.${validation ? 'test' : 'validation'}' is missing.`);
  return { ...rest, data: { train, validation, test }, rows: expectRows(rows, where) };
}

/**
 * A configuration to train.
 *
 * @throws ConfigError that names what is missing, unknown or of the wrong form.
 */
export function parseGivenConfig(value: unknown, where: string): GivenConfig {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const path = v.getDotPath(issue);
    const what = path === null ? 'a configuration' : `'${path}'`;
    const wrong =
      issue.expected === 'never'
        ? 'is not a configuration option'
        : `should be ${issue.expected ?? 'a whole number'}, and is ${issue.received}`;
    throw new ConfigError(`${where}: ${what} ${wrong}.`);
  }
  const { training, legs = [], ...rest } = parsed.output;
  if (legs.some(({ from }, i) => from <= (legs[i - 1]?.from ?? 0)))
    throw new ConfigError(`${where}: each of its 'legs' must begin after the one before.`);
  return {
    ...rest,
    training: parseTrainingConfig(training),
    ...(legs.length > 0 && {
      legs: legs.map((leg) => ({ from: leg.from, training: parseTrainingConfig(leg.training) })),
    }),
  };
}

/** All legs of a run, the first from step 0. */
export function legsOf({
  training,
  legs = [],
}: Pick<ResolvedConfig, 'training' | 'legs'>): readonly Leg[] {
  return [{ from: 0, training }, ...legs];
}

/** The leg that a run ends with. */
export function lastLeg(config: Pick<ResolvedConfig, 'training' | 'legs'>): Leg {
  return legsOf(config).at(-1)!;
}

/** @throws ConfigError when there are more workers than rows for them. */
export function expectRowsForWorkers(config: UnloadedConfig): void {
  const { workers } = config;
  const batchSize = Math.min(...legsOf(config).map(({ training }) => training.batchSize));
  if (workers > batchSize)
    throw new ConfigError(
      `${workers} workers cannot share minibatches of ${batchSize} row${batchSize === 1 ? '' : 's'}: lower --workers, or raise --batch-size.`,
    );
}

/** The configuration as plain JSON, without options that are not set; read and written again it is the same text. */
export function toJson({
  format,
  model,
  data,
  dataDir,
  rows,
  from,
  training,
  legs,
  ...rest
}: ResolvedConfig): RunConfig {
  const ordered = { format, model, data, dataDir, rows, from, training, legs, ...rest };
  return JSON.parse(JSON.stringify(ordered)) as Readonly<Record<string, Json>>;
}
