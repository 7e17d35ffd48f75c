import type { Evaluation, Figure } from '@elbo/report';
import { versions } from '../versions.js';
import { figureTexts, metricTexts } from './figure_texts.js';
import type { Evaluated, MetricOptions } from './metric.js';

/** The circumstances of a measurement. */
export interface Circumstances {
  /** Of the checkpoint. */
  readonly step: number;
  readonly options: MetricOptions;
  readonly seconds: number;
  readonly backend: string;
}

/** What was found without the values of rows. */
function figuresOf(found: Evaluated): Readonly<Record<string, number | string>> {
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) =>
      typeof value === 'number' || typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

/** Why figures could not be estimated, by their names: JSON has `null` for them. */
function notEstimable(found: Evaluated): Readonly<Record<string, string>> {
  const { rows, notEstimable: reasons = {} } = found;
  const why = rows === 1 ? 'not estimable: 1 row' : 'not estimable';
  const nan = Object.entries(found).filter(([, value]) => Number.isNaN(value));
  return { ...Object.fromEntries(nan.map(([name]) => [name, why])), ...reasons };
}

/** The figures for programs: one object, in which what could not be estimated is `null`, with the reason beside. */
export function resultOf(found: Evaluated): Readonly<Record<string, unknown>> {
  const reasons = notEstimable(found);
  const nulls = Object.fromEntries(Object.keys(reasons).map((name) => [name, null]));
  return {
    ...figuresOf(found),
    ...nulls,
    ...(Object.keys(reasons).length > 0 && { notEstimable: reasons }),
  };
}

/** The figures on one line for people. */
export function lineOf(found: Evaluated): string {
  return Object.entries({ ...figuresOf(found), ...notEstimable(found) })
    .map(([label, value]) => `${label} ${typeof value === 'number' ? +value.toFixed(4) : value}`)
    .join('   ');
}

/** What was found as a run keeps it: in plain words, with how it was measured. */
export function evaluationOf(
  found: Evaluated,
  { step, options, seconds, backend }: Circumstances,
): Evaluation {
  const { rows = 0, ...measured } = figuresOf(found);
  const reasons = notEstimable(found);
  const rest = { ...measured, ...reasons };
  const known = metricTexts[found.metric];
  const asked = (known?.options ?? (['samples', 'chains', 'temperatures'] as const)).flatMap(
    (name) => {
      // What was taken by default is among the figures.
      const value = rest[name] ?? options[name];
      return value === undefined ? [] : [[name, value] as const];
    },
  );
  const errors = new Set(
    Object.keys(rest).flatMap((name) => figureTexts(found.metric, name).error ?? []),
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
      const { error, ...more } = figureTexts(found.metric, name);
      const its = error === undefined ? undefined : measured[error];
      // Text has neither an error nor a unit.
      if (Object.hasOwn(reasons, name)) return { name, label: more.label, value };
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
