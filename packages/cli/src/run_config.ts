import { ConfigError, nested, type Config, type Json } from '@elbo/core';
import type { RunConfig } from '@elbo/runs';
import { parseTrainingConfig, type TrainingConfig } from '@elbo/training';
import * as v from 'valibot';

/** A run's whole resolved configuration: `config.json`. */
export interface ResolvedConfig {
  readonly model: Config;
  readonly data: { readonly train: Config; readonly validation: Config };
  readonly training: TrainingConfig;
  /** What `--backend` asked for. */
  readonly backend: string;
  /** How many workers share each minibatch. */
  readonly workers: number;
  /** The names of the plugins that it needs; which code that is, a command line says. */
  readonly plugins?: readonly string[] | undefined;
}

const schema = v.strictObject({
  model: nested,
  data: v.strictObject({ train: nested, validation: nested }),
  training: v.record(v.string(), v.unknown()),
  backend: v.optional(v.string(), 'auto'),
  workers: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 1),
  plugins: v.optional(v.array(v.string())),
});

/** @throws ConfigError that names what is missing, unknown or of the wrong form. */
export function parseRunConfig(value: unknown, where: string): ResolvedConfig {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const path = v.getDotPath(issue);
    const what = path === null ? 'a configuration' : `'${path}'`;
    const wrong =
      issue.expected === 'never'
        ? 'is no part of one'
        : `should be ${issue.expected ?? 'a whole number'}, and is ${issue.received}`;
    throw new ConfigError(`${where}: ${what} ${wrong}.`);
  }
  return { ...parsed.output, training: parseTrainingConfig(parsed.output.training) };
}

/** @throws ConfigError when there are more workers than rows for them. */
export function expectRowsForWorkers({ training: { batchSize }, workers }: ResolvedConfig): void {
  if (workers > batchSize)
    throw new ConfigError(
      `${workers} workers cannot share minibatches of ${batchSize} row${batchSize === 1 ? '' : 's'}: lower --workers, or raise --batch-size.`,
    );
}

/** The configuration as plain JSON, without options that are not set. */
export function toJson(resolved: ResolvedConfig): RunConfig {
  return JSON.parse(JSON.stringify(resolved)) as Readonly<Record<string, Json>>;
}
