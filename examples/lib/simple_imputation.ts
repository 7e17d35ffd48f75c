import type { Cell, Field } from '@elbo/datasets';

/** Fills in the gaps of columns: gives, for each row and field, the value that stands for what is missing. */
export type Impute = (row: number, field: number) => number | string;

const numberOf = (cell: Cell): number => Number(cell);
const isNumber = ({ type }: Field): boolean => type !== 'category';

/** The mean of the column, or its most common value. */
export function byMean(fields: readonly Field[], columns: readonly (readonly Cell[])[]): Impute {
  const usual = fields.map((field, f) => {
    const seen = columns[f]!.filter((cell) => cell !== null);
    return isNumber(field) ? mean(seen.map(numberOf)) : commonest(seen);
  });
  return (_, field) => usual[field]!;
}

/**
 * The mean, or the most common value, of the k nearest rows in which the column is seen: by Gower's distance (1971), the mean over the
 * columns that both have of |a − b| over the range, or whether categories differ.
 */
export function byNeighbours(
  fields: readonly Field[],
  columns: readonly (readonly Cell[])[],
  k = 5,
): Impute {
  const ranges = fields.map((field, f) => {
    if (!isNumber(field)) return 1;
    const seen = columns[f]!.flatMap((cell) => (cell === null ? [] : [numberOf(cell)]));
    return Math.max(...seen) - Math.min(...seen) || 1;
  });
  const distance = (a: number, b: number): number => {
    let [sum, count] = [0, 0];
    fields.forEach((field, f) => {
      const [one, other] = [columns[f]![a]!, columns[f]![b]!];
      if (one === null || other === null) return;
      count++;
      sum += isNumber(field)
        ? Math.abs(numberOf(one) - numberOf(other)) / ranges[f]!
        : Number(one !== other);
    });
    return count === 0 ? 1 : sum / count;
  };
  const usual = byMean(fields, columns);
  return (row, f) => {
    const seen = columns[f]!.flatMap((cell, other) =>
      cell === null || other === row ? [] : [{ cell, apart: distance(row, other) }],
    );
    const nearest = seen.sort((a, b) => a.apart - b.apart).slice(0, k);
    if (nearest.length === 0) return usual(row, f);
    const cells = nearest.map(({ cell }) => cell);
    return isNumber(fields[f]!) ? mean(cells.map(numberOf)) : commonest(cells);
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function commonest(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}
