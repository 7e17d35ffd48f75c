import { DataError } from '@elbo/core';
import type { Field } from './field.js';
import { numberIn, type Cell } from './guess.js';
import { placesOf, type FieldPlaces } from './places.js';

/**
 * Cells as rows of numbers, `[N, width]`, as `tableLayout` of `@elbo/core` has them: what is missing is zeros, and the bit of
 * its column is 0.
 *
 * @param cells of each field, in the order of `fields`.
 * @throws DataError that names the row and the column of a cell that does not fit.
 */
export function encodeTable(
  fields: readonly Field[],
  cells: readonly (readonly Cell[])[],
  name: string,
): Float32Array {
  const { width, places } = placesOf(fields);
  const rows = cells[0]?.length ?? 0;
  const x = new Float32Array(rows * width);
  fields.forEach((field, column) => {
    const { begin, bit } = places.get(field)!;
    const numbers = new Map(field.values?.map((value, i) => [value, i]));
    cells[column]!.forEach((cell, row) => {
      if (cell === null && bit >= 0) return;
      const at = row * width;
      if (bit >= 0) x[at + bit] = 1;
      if (field.type === 'category')
        x[at + begin + categoryOf(cell, field, numbers, { row, name })] = 1;
      else x[at + begin] = valueOf(cell, field, { row, name });
    });
  });
  return x;
}

interface Where {
  readonly row: number;
  readonly name: string;
}

function missingFault({ name: column }: Field, { row, name }: Where): DataError {
  return new DataError(
    `${name}: row ${row + 1} has no value in the column '${column}', which has one in every training row. Say that values may be missing: --column '${column}=?'.`,
  );
}

function categoryOf(
  cell: Cell,
  field: Field,
  numbers: ReadonlyMap<string, number>,
  where: Where,
): number {
  if (cell === null) throw missingFault(field, where);
  const found = numbers.get(cell);
  if (found !== undefined) return found;
  throw new DataError(
    `${where.name}: row ${where.row + 1} has '${cell}' in the column '${field.name}', and the training rows have ${field.values!.slice(0, 8).join(', ')}${field.values!.length > 8 ? ', …' : ''}. Leave the column out (--column '${field.name}=skip'), or repair the row.`,
  );
}

function valueOf(cell: Cell, field: Field, where: Where): number {
  if (cell === null) throw missingFault(field, where);
  const value = numberIn(cell);
  const fits =
    value !== undefined && (field.type === 'number' || (Number.isInteger(value) && value >= 0));
  if (fits) return value;
  throw new DataError(
    `${where.name}: row ${where.row + 1} has '${cell.slice(0, 40)}' in the column '${field.name}', which is no ${field.type === 'count' ? 'whole number from 0 on' : 'number'}. Repair it, or say what the column is: --column '${field.name}=category', or =skip.`,
  );
}

/**
 * Rows of numbers, `[N, width]`, as cells in the table's own units and words, a column of each field in the order of
 * `fields`: numbers with the digits of the table, the most probable value of a category; null where a bit says so.
 */
export function decodeTable(
  fields: readonly Field[],
  x: ArrayLike<number>,
): readonly (readonly (number | string | null)[])[] {
  const { width, places } = placesOf(fields);
  return fields.map((field) => {
    const own = places.get(field)!;
    return Array.from({ length: x.length / width }, (_, row) => {
      const at = row * width;
      return own.bit >= 0 && x[at + own.bit]! < 0.5 ? null : decodeCell(field, own, x, at);
    });
  });
}

/** The cell of a field in a row that begins at `at`, whether it is seen or not. */
function decodeCell(
  field: Field,
  own: FieldPlaces,
  x: ArrayLike<number>,
  at: number,
): number | string {
  if (field.type === 'category') return field.values![likeliest(own, x, at)]!;
  return asWritten(field, x[at + own.begin]!);
}

/** The number of the most probable value of a category. */
export function likeliest({ begin, size }: FieldPlaces, x: ArrayLike<number>, at = 0): number {
  let best = 0;
  for (let i = 1; i < size; i++) if (x[at + begin + i]! > x[at + begin + best]!) best = i;
  return best;
}

/** A number with the digits of its column, or a whole count from 0 on. */
export function asWritten({ type, decimals = 6 }: Field, value: number): number {
  return type === 'count' ? Math.max(0, Math.round(value)) : Number(value.toFixed(decimals));
}
