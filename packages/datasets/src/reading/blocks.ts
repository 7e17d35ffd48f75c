/** Rows that are looked at together. */
export interface RowBlock {
  readonly first: number;
  readonly count: number;
}

/**
 * The rows of a set in their order, in blocks of `size`; the last one has what is left. Where that is less than `least`,
 * the fewest rows that what reads them can take, the last two blocks are shared out evenly, or are one where halves would
 * be too few. So no block has fewer, unless there are fewer rows in all.
 */
export function blocksOf(rows: number, size: number, least = 1): readonly RowBlock[] {
  const each = Math.max(size, least);
  const left = rows % each;
  const whole = Math.floor(rows / each);
  const counts = Array.from({ length: whole }, () => each);
  if (left >= least) counts.push(left);
  else if (left > 0) {
    const last = (counts.pop() ?? 0) + left;
    const half = Math.floor(last / 2);
    counts.push(...(half >= least ? [last - half, half] : [last]));
  }
  let first = 0;
  return counts.map((count) => ({ first: (first += count) - count, count }));
}
