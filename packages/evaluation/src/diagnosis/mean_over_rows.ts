/** A mean over rows of means over draws, and where its uncertainty comes from; NaN where it cannot be estimated. */
export interface RowsMean {
  readonly mean: number;
  /** The standard error of the mean of the set. */
  readonly error: number;
  /** The part of it that more draws of these rows would take away. */
  readonly byDraws: number;
  /** How far the set's mean lies to either side at most, 99 times in 100: `error` times Student's quantile. */
  readonly margin: number;
}

/** Rows of a set, each with as many draws. */
export interface SampledRows {
  readonly rows: number;
  /** How many rows the set has that these are of; of all of it there is no sampling error over rows. */
  readonly setSize: number;
}

/** The normal's quantile that .5 % exceed: of several such intervals the intersection is one of 95 % at least. */
const normalQuantile = 2.576;

/**
 * The quantile of Student's t that .5 % exceed, by two terms of its expansion about the normal's (Cornish & Fisher 1937):
 * to .02 from nine degrees of freedom, and too small below.
 */
export function studentQuantile(freedom: number): number {
  return normalQuantile + 4.917 / freedom + 8.837 / freedom ** 2;
}

/**
 * The mean of each row's draws, and the variance of that mean: NaN of a single draw.
 *
 * @param values Row by row, draw after draw.
 */
export function rowsOf(
  values: ArrayLike<number>,
  rows: number,
): { readonly means: Float64Array; readonly variances: Float64Array } {
  const draws = values.length / rows;
  const means = new Float64Array(rows);
  const variances = new Float64Array(rows);
  for (let i = 0; i < values.length; i++) means[i % rows]! += values[i]! / draws;
  for (let i = 0; i < values.length; i++)
    variances[i % rows]! += (values[i]! - means[i % rows]!) ** 2 / (draws - 1) / draws;
  return { means, variances };
}

/**
 * The mean of a set's rows by some of them and some draws of each: sampling in two stages (Cochran 1977, eq. 10.14). Rows
 * that are the whole set, each used as one, have no error but of the draws.
 *
 * @param values Row by row, draw after draw.
 * @param more Variance of each row's mean that the draws do not show; of one draw, all there is.
 */
export function meanOverRows(
  values: ArrayLike<number>,
  { rows, setSize }: SampledRows,
  more?: ArrayLike<number>,
): RowsMean {
  const share = Math.min(1, rows / setSize);
  const { means, variances } = rowsOf(values, rows);
  const mean = means.reduce((a, b) => a + b, 0) / rows;
  let [within, between] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const shown = values.length === rows && more ? 0 : variances[row]!;
    within += (shown + (more?.[row] ?? 0)) / rows ** 2;
    between += (means[row]! - mean) ** 2 / (rows - 1) / rows;
  }
  const ofRows = share === 1 ? 0 : (1 - share) * between;
  const error = Math.sqrt(ofRows + (share === 0 ? 0 : share * within));
  const quantile = share === 1 ? normalQuantile : studentQuantile(rows - 1);
  return { mean, error, byDraws: Math.sqrt(within), margin: quantile * error };
}
