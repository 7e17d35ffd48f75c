import { tableLayout, type DataMoments, type TableColumn } from '@elbo/core';
import type { Dataset } from '../../dataset.js';
import { inOrder } from '../../reading/batches.js';
import { columnsOf, inOrderOfRows, type Field } from './field.js';

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
  const columns = columnsOf(inOrderOfRows(fields));
  const { width, numbers, counts, categories, seen } = tableLayout(columns);
  const scaled = numbers + counts;
  const firstBit = width - seen.length;
  const bitOf = (column: number): number => {
    const bit = seen.indexOf(column);
    return bit < 0 ? -1 : firstBit + bit;
  };
  const running = Array.from({ length: scaled }, () => ({ count: 0, mean: 0, squares: 0 }));
  for (const { rows, key } of inOrder(data, { batchSize: blockSize })) {
    const { x } = await data.read(rows, key);
    running.forEach((of, column) => {
      const bit = bitOf(column);
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
  const bits = Array.from({ length: width }, (_, place) => {
    if (place < scaled) return bitOf(place);
    const category = categories.findIndex(
      ({ begin, size }) => place >= begin && place < begin + size,
    );
    return category < 0 ? -1 : bitOf(scaled + category);
  });
  return {
    columns: columns.map((column, i) =>
      column.type === 'count' ? { ...column, zero: -mean[i]! / sd[i]!, width: 1 / sd[i]! } : column,
    ),
    moments: { mean, sd, ...(seen.length > 0 && { seen: bits }) },
  };
}
