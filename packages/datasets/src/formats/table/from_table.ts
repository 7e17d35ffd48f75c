import { DataError, expectGiven, type Config } from '@elbo/core';
import { fromArrays } from '../arrays.js';
import type { Dataset } from '../../dataset.js';
import type { Field, FieldType } from './field.js';
import { fieldOf, guessType, type Cell } from './guess.js';
import { placesOf } from './places.js';
import { encodeTable } from './rows.js';

/** A table in memory. */
export interface Table {
  /** The names of its columns, each another. */
  readonly names: readonly string[];
  /** Its cells, row after row; null where one is missing. */
  readonly rows: readonly (readonly Cell[])[];
}

/** How a table is read. */
export interface TableOptions {
  /** What columns are, by name, where it is not to be guessed; `?` says that values may be missing. */
  readonly columns?: Readonly<Record<string, FieldType | '?'>>;
  /** A column whose values are classes, and no part of a row. */
  readonly labels?: string;
  /** What was found before, for rows of another split: nothing is guessed. */
  readonly found?: FoundTable;
  readonly name?: string;
  readonly config?: (found: FoundTable) => Config;
}

/** What was found in a table: enough to read other rows alike. */
export interface FoundTable {
  /** The fields, in the table's order. */
  readonly fields: readonly Field[];
  /** The column of classes and their names. */
  readonly labels?: { readonly name: string; readonly values: readonly string[] };
}

/** A dataset of the rows of a table. */
export interface TableDataset extends Dataset {
  /** The columns that are modelled, in the table's order. */
  readonly fields: readonly Field[];
}

/**
 * A dataset of a table: numbers, counts and categories, of which any may be missing; see `tableLayout` of `@elbo/core` for
 * what a row is.
 *
 * @throws DataError that names the row and the column of a cell that does not fit, or a column that there is not.
 *
 * @example
 * ```ts
 * import { fromTable } from '@elbo/datasets';
 *
 * const data = fromTable({
 *   names: ['length', 'colour'],
 *   rows: [['1.5', 'red'], ['2', 'blue'], [null, 'red']],
 * });
 * console.log(data.shape, data.fields.map(({ type }) => type)); // [ 4 ] [ 'number', 'category' ]
 * ```
 */
export function fromTable(given: Table, options: TableOptions = {}): TableDataset {
  expectGiven('fromTable', given, 'names', 'rows');
  const { names, rows } = given;
  const { name = 'table' } = options;
  if (rows.length === 0) throw new DataError(`${name}: there are no rows in it.`);
  const found = options.found ?? findFields(given, options);
  const column = (wanted: string): readonly Cell[] => {
    const i = names.indexOf(wanted);
    if (i < 0)
      throw new DataError(`${name}: there is no column '${wanted}'; it has ${names.join(', ')}.`);
    return rows.map((row) => row[i] ?? null);
  };
  const { fields, labels } = found;
  if (fields.length === 0)
    throw new DataError(
      `${name}: no column is left to model. Say what columns are: --column NAME=number, count or category.`,
    );
  const x = encodeTable(
    fields,
    fields.map((field) => column(field.name)),
    name,
  );
  const { width } = placesOf(fields);
  const label = labels && classesOf(column(labels.name), labels, name);
  const config = options.config?.(found);
  return {
    ...fromArrays({
      ...{ x, shape: [width], name, range: 'finite' },
      ...(label && { label }),
      ...(config && { config }),
    }),
    ...(labels && { classes: labels.values.length, classNames: labels.values }),
    binary: false,
    fields,
  };
}

/** What the columns are: as it is said, or else guessed. */
export function findFields(
  { names, rows }: Table,
  { columns = {}, labels, name = 'table' }: TableOptions,
): FoundTable {
  for (const said of [...Object.keys(columns), ...(labels === undefined ? [] : [labels])])
    if (!names.includes(said))
      throw new DataError(`${name}: there is no column '${said}'; it has ${names.join(', ')}.`);
  const cellsOf = (i: number): readonly Cell[] => rows.map((row) => row[i] ?? null);
  const fields = names.flatMap((column, i): readonly Field[] => {
    if (column === labels) return [];
    const cells = cellsOf(i);
    // A column may be called `constructor`, which every object has.
    const said = Object.hasOwn(columns, column) ? columns[column] : undefined;
    const type = said === undefined || said === '?' ? guessType(cells).type : said;
    if (type === 'skip') return [];
    const field = fieldOf(column, type, cells);
    return [said === '?' ? { ...field, missing: true } : field];
  });
  if (labels === undefined) return { fields };
  const seen = cellsOf(names.indexOf(labels)).filter((cell) => cell !== null);
  return { fields, labels: { name: labels, values: [...new Set(seen)].sort() } };
}

/** The classes of rows by the names of theirs, −1 where it is missing. */
function classesOf(
  cells: readonly Cell[],
  { name: column, values }: NonNullable<FoundTable['labels']>,
  name: string,
): Int32Array {
  return Int32Array.from(cells, (cell, row) => {
    const found = cell === null ? -1 : values.indexOf(cell);
    if (cell === null || found >= 0) return found;
    throw new DataError(
      `${name}: row ${row + 1} has the class '${cell}' in '${column}', and the training rows have ${values.slice(0, 8).join(', ')}.`,
    );
  });
}
