import type { Json } from '@elbo/core';
import type { Setting } from '@elbo/experiments';
import { UsageError } from './usage.js';

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
