import { DataError, tableLayout } from '@elbo/core';
import { columnsOf, inOrderOfRows, type Field } from './field.js';
import { numberIn, type Cell } from './guess.js';

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
  const ordered = inOrderOfRows(fields);
  const { width, numbers, counts, categories, seen } = tableLayout(columnsOf(ordered));
  const rows = cells[0]?.length ?? 0;
  const x = new Float32Array(rows * width);
  ordered.forEach((field, column) => {
    const own = cells[fields.indexOf(field)]!;
    const bit = seen.indexOf(column);
    const place = column < numbers + counts ? column : categories[column - numbers - counts]!.begin;
    const places = new Map(field.values?.map((value, i) => [value, i]));
    own.forEach((cell, row) => {
      if (cell === null && bit >= 0) return;
      const at = row * width;
      if (bit >= 0) x[at + width - seen.length + bit] = 1;
      if (field.type === 'category')
        x[at + place + categoryOf(cell, field, places, { row, name })] = 1;
      else x[at + place] = valueOf(cell, field, { row, name });
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
  places: ReadonlyMap<string, number>,
  where: Where,
): number {
  if (cell === null) throw missingFault(field, where);
  const found = places.get(cell);
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
  const ordered = inOrderOfRows(fields);
  const { width, numbers, counts, categories, seen } = tableLayout(columnsOf(ordered));
  const rows = x.length / width;
  const columns = new Map<Field, (number | string | null)[]>();
  ordered.forEach((field, column) => {
    const bit = seen.indexOf(column);
    const cells: (number | string | null)[] = [];
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      if (bit >= 0 && x[at + width - seen.length + bit]! < 0.5) cells.push(null);
      else if (field.type === 'category') {
        const { begin, size } = categories[column - numbers - counts]!;
        let best = 0;
        for (let i = 1; i < size; i++) if (x[at + begin + i]! > x[at + begin + best]!) best = i;
        cells.push(field.values![best]!);
      } else if (field.type === 'count') cells.push(Math.max(0, Math.round(x[at + column]!)));
      else cells.push(Number(x[at + column]!.toFixed(field.decimals ?? 6)));
    }
    columns.set(field, cells);
  });
  return fields.map((field) => columns.get(field)!);
}
