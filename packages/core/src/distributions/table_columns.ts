import { ConfigError } from '../errors.js';

/** A column of a table, as models meet it. */
export type TableColumn = {
  /** Whether values may be missing: a row then has a bit that says whether this one is seen. */
  readonly missing?: boolean;
} & (
  | { readonly type: 'number' }
  | {
      /** Whole numbers from 0 on. */
      readonly type: 'count';
      /** Where 0 is, and how far 1 is from it, in the units of the rows; 0 and 1 by default. */
      readonly zero?: number;
      readonly width?: number;
    }
  | {
      /** One-hot, of so many values. */
      readonly type: 'category';
      readonly size: number;
    }
);

/** Where the columns of a table are in a row. */
export interface TableLayout {
  /** How many numbers a row has. */
  readonly width: number;
  readonly numbers: number;
  readonly counts: number;
  /** The one-hot places of each category, after numbers and counts. */
  readonly categories: readonly { readonly begin: number; readonly size: number }[];
  /** For each bit at the end of a row, which column it is about. */
  readonly seen: readonly number[];
}

const order = ['number', 'count', 'category'];

/**
 * The layout of a row: its numbers, its counts, its categories one-hot, and a bit for each column that may be missing, 1
 * where it is seen. What is missing has zeros in its places.
 *
 * @throws ConfigError unless there are columns, in this order.
 */
export function tableLayout(columns: readonly TableColumn[]): TableLayout {
  const places = columns.map(({ type }) => order.indexOf(type));
  if (columns.length === 0 || places.some((place, i) => place < (places[i - 1] ?? 0)))
    throw new ConfigError(
      'A table has at least one column, and its columns are numbers, then counts, then categories.',
    );
  const of = (type: string): number => columns.filter((column) => column.type === type).length;
  const [numbers, counts] = [of('number'), of('count')];
  let begin = numbers + counts;
  const categories = columns.flatMap((column) => {
    if (column.type !== 'category') return [];
    const place = { begin, size: column.size };
    begin += column.size;
    return [place];
  });
  const seen = columns.flatMap(({ missing }, i) => (missing === true ? [i] : []));
  return { width: begin + seen.length, numbers, counts, categories, seen };
}
