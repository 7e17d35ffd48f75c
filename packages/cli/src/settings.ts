import { ConfigError, type Json } from '@elbo/core';
import { UsageError } from './usage.js';

/** One `--set key=value`. */
export interface Setting {
  readonly key: string;
  readonly value: Json;
}

/** Reads `key=value`; the value is JSON where it can be, else text. */
export function parseSetting(text: string): Setting {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set takes key=value, not '${text}'.`);
  const written = text.slice(at + 1);
  let value: Json;
  try {
    value = JSON.parse(written) as Json;
  } catch {
    value = written;
  }
  return { key: text.slice(0, at), value };
}

/**
 * A JSON object with the value at a dotted path replaced, such as `training.steps` or `model.prior.dim`.
 *
 * @throws ConfigError when nothing is at the path.
 */
export function replaceAt<T>(object: T, { key, value }: Setting): T {
  const [first, ...rest] = key.split('.');
  const node = object as Readonly<Record<string, unknown>> | null;
  if (typeof node !== 'object' || node === null || !(first! in node))
    throw new ConfigError(
      `--set ${key}: there is no '${first!}' here${typeof node === 'object' && node !== null ? ` (there are ${Object.keys(node).join(', ')})` : ''}.`,
    );
  const next = rest.length === 0 ? value : replaceAt(node[first!], { key: rest.join('.'), value });
  if (Array.isArray(node)) return node.map((item: unknown, i) => (String(i) === first ? next : item)) as T;
  return { ...node, [first!]: next } as T;
}
