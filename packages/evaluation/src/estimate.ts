/** An estimate with its standard error. */
export interface Estimate {
  readonly mean: number;
  /** Standard error of the mean: it says nothing of a bias. */
  readonly error: number;
}

/** The mean of values and its standard error, in doubles; NaN for the error of a single value. */
export function estimateOf(values: ArrayLike<number>): Estimate {
  const n = values.length;
  const all = Float64Array.from(values);
  const mean = all.reduce((a, b) => a + b, 0) / n;
  const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

/** The middle one of the values, or the mean of the two middle ones. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}
