import { DataError } from '@elbo/core';
import { expectEnough } from '../estimable.js';
import { countOf, type Points } from '../points.js';
import { column } from './factors.js';

/** Whether a factor of so many values has rows that share them: at most one value for every two rows. */
const isSharedBy = (values: number, rows: number): boolean => values <= rows / 2;

/** Whether it can be asked which factor rows share: there are several, and rows share the values of each. */
export function isShared(factors: Points): boolean {
  const values = Array.from({ length: factors.dim }, (_, k) => new Set(column(factors, k)).size);
  return values.length > 1 && values.every((each) => isSharedBy(each, countOf(factors)));
}

/**
 * The rows that have the value of a factor that a row has, itself among them.
 *
 * @throws DataError that names `where` when a factor's values are nearly all different, as amounts are: cut it first; and
 * for a single factor, which is no answer to the question which one.
 */
export function sharing(
  where: string,
  factors: Points,
): (factor: number, row: number) => readonly number[] {
  expectEnough(where, factors.dim, 2, 'factor');
  const count = countOf(factors);
  const groups = Array.from({ length: factors.dim }, (_, k) => {
    const rows = new Map<number, number[]>();
    column(factors, k).forEach((value, row) => {
      const group = rows.get(value);
      if (group) group.push(row);
      else rows.set(value, [row]);
    });
    if (!isSharedBy(rows.size, count))
      throw new DataError(
        `${where}: factor ${k} has ${rows.size} values in ${count} rows; it needs rows that share a value.`,
      );
    return rows;
  });
  return (factor, row) => groups[factor]!.get(factors.values[row * factors.dim + factor]!)!;
}
