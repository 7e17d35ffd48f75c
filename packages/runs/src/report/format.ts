import type { Json } from '@elbo/core';

/** A number with up to five digits and a true minus sign; text as it is. */
export function formatValue(value: number | string): string {
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) {
    return value.toLocaleString('en').replace('-', '−');
  }
  return String(Number(value.toPrecision(5))).replace('-', '−');
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
