import { DataError } from '@elbo/core';
import { countOf, type Points } from '../points.js';
import { column } from './factors.js';

/** Whether each factor has values that rows share: at most one for every two rows. */
export function isShared(factors: Points): boolean {
  const most = countOf(factors) / 2;
  return Array.from({ length: factors.dim }, (_, k) => new Set(column(factors, k))).every(
    (values) => values.size <= most,
  );
}

/**
 * The rows that have the value of a factor that a row has, itself among them.
 *
 * @throws DataError that names `where` when a factor's values are nearly all different, as amounts are: cut it first.
 */
export function sharing(
  where: string,
  factors: Points,
): (factor: number, row: number) => readonly number[] {
  const count = countOf(factors);
  const groups = Array.from({ length: factors.dim }, (_, k) => {
    const rows = new Map<number, number[]>();
    column(factors, k).forEach((value, row) => {
      const group = rows.get(value);
      if (group) group.push(row);
      else rows.set(value, [row]);
    });
    if (rows.size > count / 2)
      throw new DataError(
        `${where}: factor ${k} has ${rows.size} values in ${count} rows; it needs rows that share a value.`,
      );
    return rows;
  });
  return (factor, row) => groups[factor]!.get(factors.values[row * factors.dim + factor]!)!;
}
