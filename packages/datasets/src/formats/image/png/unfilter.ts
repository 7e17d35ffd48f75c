import { DataError } from '@elbo/core';

/** The one of three neighbours that is nearest to left + above − corner (PNG specification, section 9.4). */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/**
 * Undoes the filter of a row in its place.
 *
 * @param above the row before it; zeros for the first.
 * @param apart bytes from a pixel to the next, at least 1.
 */
export function unfilter(filter: number, row: Uint8Array, above: Uint8Array, apart: number): void {
  const { length } = row;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = apart; i < length; i++) row[i]! += row[i - apart]!;
      return;
    case 2:
      for (let i = 0; i < length; i++) row[i]! += above[i]!;
      return;
    case 3:
      for (let i = 0; i < length; i++)
        row[i]! += ((i < apart ? 0 : row[i - apart]!) + above[i]!) >> 1;
      return;
    case 4:
      for (let i = 0; i < Math.min(apart, length); i++) row[i]! += above[i]!;
      for (let i = apart; i < length; i++)
        row[i]! += paeth(row[i - apart]!, above[i]!, above[i - apart]!);
      return;
    default:
      throw new DataError(`it is corrupt: a row has the filter ${filter}`);
  }
}
