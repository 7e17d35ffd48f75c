import { DataError } from '@elbo/core';
import type { Skipped } from './decoded.js';

/** Files that are named at most. */
const mostNamed = 30;

/** So many of the files may be broken: more is no accident. */
const mostBroken = 0.1;

function named(skipped: readonly Skipped[], most: number): string {
  const lines = skipped.slice(0, most).map(({ path, why }) => `  ${path}: ${why}`);
  const rest = skipped.length - most;
  return [...lines, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
}

/**
 * What to say of files that were left out; nothing when none was.
 *
 * @throws DataError where they are too many.
 */
export function saySkipped(
  where: string,
  skipped: readonly Skipped[],
  total: number,
): string | undefined {
  if (skipped.length === 0) return undefined;
  const count = `${skipped.length} of ${total} files`;
  if (skipped.length === total || skipped.length > mostBroken * total)
    throw new DataError(
      `${where}: ${count} cannot be read as images:\n${named(skipped, 10)}\nMend or remove them: no more than a tenth is left out.`,
    );
  return `${where}: ${count} cannot be read as images and are left out:\n${named(skipped, mostNamed)}`;
}
