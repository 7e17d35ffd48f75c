import type { Evaluation, Figure } from '@elbo/runs';
import { versions } from '../versions.js';
import type { Evaluated, MetricOptions } from './metric.js';
import { words, wordsOf } from './words.js';

/** The circumstances of a measurement. */
export interface Circumstances {
  /** Of the checkpoint. */
  readonly step: number;
  readonly options: MetricOptions;
  readonly seconds: number;
  readonly backend: string;
}

/** What was found without the values of rows: one object for programs. */
export function figuresOf(found: Evaluated): Readonly<Record<string, number | string>> {
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) =>
      typeof value === 'number' || typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

/** What was found as a run keeps it: in plain words, with how it was measured. */
export function evaluationOf(
  found: Evaluated,
  { step, options, seconds, backend }: Circumstances,
): Evaluation {
  const { rows = 0, ...rest } = figuresOf(found);
  const known = words[found.metric];
  const asked = (known?.options ?? (['samples', 'chains', 'temperatures'] as const)).flatMap(
    (name) => {
      // What was taken by default is among the figures.
      const value = rest[name] ?? options[name];
      return value === undefined ? [] : [[name, value] as const];
    },
  );
  const errors = new Set(
    Object.keys(rest).flatMap((name) => wordsOf(found.metric, name).error ?? []),
  );
  // What was asked for is said with the circumstances.
  const shown = Object.entries(rest).filter(
    ([name]) =>
      name !== 'metric' && !errors.has(name) && !asked.some(([option]) => option === name),
  );
  return {
    metric: found.metric,
    title: known?.title ?? found.metric,
    options: { rows: Number(rows), ...Object.fromEntries(asked), seed: options.seed },
    step,
    rows: Number(rows),
    seconds,
    backend,
    versions: versions(),
    figures: shown.map(([name, value]): Figure => {
      const { error, ...more } = wordsOf(found.metric, name);
      const its = error === undefined ? undefined : rest[error];
      return { name, value, ...(typeof its === 'number' && { error: its }), ...more };
    }),
    // Eight digits are more than float32 has, and the file stays small.
    ...(found.perRow && {
      perRow: {
        name: known?.perRow ?? found.metric,
        values: Array.from(found.perRow, (value) => Number(value.toPrecision(8))),
      },
    }),
  };
}

/** The figures of a kept evaluation by name, with their standard errors. */
export function figuresByName({
  figures,
}: Evaluation): Readonly<
  Record<string, { readonly value: number | string; readonly error?: number }>
> {
  return Object.fromEntries(
    figures.map(({ name, value, error }) => [
      name,
      { value, ...(error !== undefined && { error }) },
    ]),
  );
}
