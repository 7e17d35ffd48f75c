import { ConfigError } from '@elbo/core';
import * as v from 'valibot';
import type { Reading } from '../options.js';

/**
 * Options of reading, by the schema of a format.
 *
 * @throws ConfigError that names the option and the path.
 */
export function parseReading<S extends v.GenericSchema<unknown, unknown>>(
  schema: S,
  reading: Reading | undefined,
  path: string,
): v.InferOutput<S> {
  const parsed = v.safeParse(schema, reading ?? {});
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new ConfigError(
    `${path}: the option '${v.getDotPath(issue) ?? ''}' for reading it should be ${issue.expected ?? 'another value'}, and is ${issue.received}.`,
  );
}
