import type { Json } from '@elbo/core';
import type { Figure } from './evaluation.js';

/** A number with up to five digits and a true minus sign, `not estimable` for NaN; text as it is. */
export function formatValue(value: number | string): string {
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return 'not estimable';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) {
    return value.toLocaleString('en').replace('-', '−');
  }
  return String(Number(value.toPrecision(5))).replace('-', '−');
}

/**
 * A value with its standard error and unit: `−83.12 ± 0.45 nats`, the value to the error's second digit. An error of NaN,
 * as of one row, is said.
 */
export function formatFigure({
  value,
  error,
  unit,
}: Pick<Figure, 'value' | 'error' | 'unit'>): string {
  const behind = unit === undefined || Number.isNaN(value) ? '' : ` ${unit}`;
  if (typeof value !== 'string' && Number.isFinite(value) && Number.isNaN(error))
    return `${formatValue(value)}${behind} (error not estimable)`;
  if (typeof value === 'string' || error === undefined || !(error > 0 && Number.isFinite(value)))
    return `${formatValue(value)}${behind}`;
  const digits = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(error))));
  const fixed = (number: number): string => number.toFixed(digits).replace('-', '−');
  return `${fixed(value)} ± ${fixed(error)}${behind}`;
}

/** A duration in the two largest of its units. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? Number(seconds.toFixed(1)) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The leaves of a configuration as pairs of a dotted path and a text, in order. */
export function flattenConfig(config: Json, path = ''): readonly (readonly [string, string])[] {
  if (typeof config !== 'object' || config === null) return [[path, String(config)]];
  const entries = Object.entries(config as Readonly<Record<string, Json>>);
  if (entries.length === 0) return [[path, '–']];
  if (Array.isArray(config)) {
    const plain = entries.flatMap(([, value]) =>
      typeof value === 'object' ? [] : [String(value)],
    );
    if (plain.length === entries.length) return [[path, plain.join(', ')]];
  }
  return entries.flatMap(([name, value]) => flattenConfig(value, path ? `${path}.${name}` : name));
}
