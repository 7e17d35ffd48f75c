import { sizeOf } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';

/** Rows at most, and at least where there are as many. */
const [most, least] = [100, 8];
/** Values that the rows have together at most: a hundred rows of 32×32. */
const values = most * 32 * 32;

/**
 * How many test rows the report diagnoses. Each is decoded thousands of times: in a tenth of a second of a core for small images, and in
 * some seconds for large ones in colour, of which there are therefore fewer.
 */
export function diagnosedRows({ shape, size }: Pick<Dataset, 'shape' | 'size'>): number {
  const few = Math.floor(values / sizeOf(shape));
  return Math.min(size, most, Math.max(least, few));
}
