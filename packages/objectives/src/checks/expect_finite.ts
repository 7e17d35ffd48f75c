import { DataError } from '@elbo/core';

/**
 * The first value that does not lie from `least` to `most`, as NaN never does; −1 where all do. Every minibatch is looked at by
 * this, so it is a plain loop: an iterator or a callback for each value takes several times as long.
 */
export function firstOutside(values: Float32Array, least: number, most: number): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= least && value <= most)) return i;
  }
  return -1;
}

/** @throws DataError that names the data, the row and the value, unless all values of these rows are finite. */
export function expectFinite(values: Float32Array, rows: number, where: string): void {
  const bad = firstOutside(values, -Number.MAX_VALUE, Number.MAX_VALUE);
  if (bad < 0) return;
  const width = values.length / rows;
  throw new DataError(
    `${where}: value ${bad % width} of row ${Math.floor(bad / width)} of a minibatch is ${values[bad]!}; repair or drop that row.`,
  );
}
