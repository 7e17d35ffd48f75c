/** What a cell holds. */
export type Cell = string | number;

/**
 * A table as CSV (RFC 4180, lines ended by `\n`): a line of names, then one of each row. Texts are quoted where they must be.
 *
 * @example
 * ```ts
 * import { csv } from '@elbo/report';
 *
 * console.log(csv(['row', 'word'], [[0, 'a, b']]).trim().split('\n')); // [ 'row,word', '0,"a, b"' ]
 * ```
 */
export function csv(names: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [names.map(cell).join(',')];
  for (const row of rows) lines.push(row.map(cell).join(','));
  return `${lines.join('\n')}\n`;
}

function cell(value: Cell): string {
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A float32 in the fewest digits that give it back. */
export function shortest(value: number): number {
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
