import type { DataMoments, TableColumn } from '@elbo/core';
import type { Dataset } from '../../dataset.js';
import { inOrder } from '../../reading/batches.js';
import { columnsOf, inOrderOfRows, type Field } from './field.js';
import { placesOf } from './places.js';

/** What models of a table are made for: its columns in standardised units, and the moments that make these. */
export interface TableTraits {
  readonly columns: readonly TableColumn[];
  readonly moments: DataMoments;
}

const blockSize = 1000;

/**
 * The moments of the numbers and counts that are seen in some rows; categories and bits stay as they are. A column that does
 * not vary has the standard deviation 1. It reads every row once.
 */
export async function tableTraits(data: Dataset, fields: readonly Field[]): Promise<TableTraits> {
  const { width, places } = placesOf(fields);
  const bits = Array<number>(width).fill(-1);
  for (const { begin, size, bit } of places.values()) bits.fill(bit, begin, begin + size);
  const scaled = fields.filter(({ type }) => type !== 'category').length;
  const running = Array.from({ length: scaled }, () => ({ count: 0, mean: 0, squares: 0 }));
  for (const { rows, key } of inOrder(data, { batchSize: blockSize })) {
    const { x } = await data.read(rows, key);
    running.forEach((of, column) => {
      const bit = bits[column]!;
      for (let at = 0; at < x.length; at += width) {
        if (bit >= 0 && x[at + bit] === 0) continue;
        // Welford 1962: the mean and the sum of squares about it, a value at a time.
        const apart = x[at + column]! - of.mean;
        of.count++;
        of.mean += apart / of.count;
        of.squares += apart * (x[at + column]! - of.mean);
      }
    });
  }
  const mean = Array.from({ length: width }, (_, place) => running[place]?.mean ?? 0);
  const sd = Array.from({ length: width }, (_, place) => {
    const { count = 0, squares = 0 } = running[place] ?? {};
    return squares > 0 ? Math.sqrt(squares / count) : 1;
  });
  return {
    columns: columnsOf(inOrderOfRows(fields)).map((column, i) =>
      column.type === 'count' ? { ...column, zero: -mean[i]! / sd[i]!, width: 1 / sd[i]! } : column,
    ),
    moments: { mean, sd, ...(bits.some((bit) => bit >= 0) && { seen: bits }) },
  };
}
