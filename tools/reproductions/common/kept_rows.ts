// Figures of single rows, as they are kept beside a table: whoever doubts a mean or its interval makes it anew from these.

/** Figures of test rows, in their order, of one method with one training seed. */
export interface Rows {
  readonly method: string;
  readonly seed: number;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** To four digits: what tables are made from is what is kept. */
export const rounded = (values: ArrayLike<number>): readonly number[] =>
  Array.from(values, (value) => Math.round(value * 1e4) / 1e4);

/** The rows of a quantity by seed, of one method; of given seeds, where some are given. */
export const bySeed = (
  rows: readonly Rows[],
  method: string,
  quantity: string,
  seeds?: readonly number[],
): readonly (readonly number[])[] =>
  rows
    .filter((each) => each.method === method && (seeds?.includes(each.seed) ?? true))
    .flatMap(({ values }) => {
      const own = values[quantity];
      return own ? [own] : [];
    });

/** As JSON with a line for each method, seed and quantity. */
export function toJson(rows: readonly Rows[]): string {
  const entries = rows.map(({ method, seed, values }) => {
    const lines = Object.entries(values).map(
      ([name, of]) => `    ${JSON.stringify(name)}: ${JSON.stringify(of)}`,
    );
    return `{ "method": ${JSON.stringify(method)}, "seed": ${seed}, "values": {\n${lines.join(',\n')}\n} }`;
  });
  return `[\n${entries.join(',\n')}\n]\n`;
}
