import type { Json } from '@elbo/core';
import type { TrainFlags } from './train_flags.js';
import { UsageError } from './usage.js';

const types = ['number', 'count', 'category', 'skip', '?'];

/** Flags that are options of reading as they are. */
type Plain = {
  readonly [Name in 'labels' | 'array' | 'length' | 'size' | 'crop' | 'grey']:
    TrainFlags[Name] | undefined;
};

/**
 * How files are read, from the flags that say so, undefined where none does; and the other flags.
 *
 * @throws UsageError for a column that is said to be something else.
 */
export function takeReading(flags: TrainFlags): {
  readonly reading: Readonly<Record<string, Json>> | undefined;
  readonly others: Omit<TrainFlags, 'column' | keyof Plain>;
} {
  const { column: columns, labels, array, length, size, crop, grey, ...others } = flags;
  const plain: Plain = { labels, array, length, size, crop, grey };
  const given = Object.entries(plain).filter(([, value]) => value !== undefined);
  const reading = {
    ...(columns && { columns: Object.fromEntries(columns.map(columnOf)) }),
    ...(Object.fromEntries(given) as Readonly<Record<string, Json>>),
  };
  return { reading: Object.keys(reading).length > 0 ? reading : undefined, others };
}

/** `NAME=TYPE`; a name may have an equals sign in it. */
function columnOf(text: string): readonly [name: string, type: string] {
  const at = text.lastIndexOf('=');
  const [name, type] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && types.includes(type)) return [name, type];
  throw new UsageError(
    `--column ${text}: give the name of a column and what it is: NAME=number, count, category or skip, or NAME=? if values may be missing.`,
  );
}
