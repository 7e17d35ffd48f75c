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

/**
 * The standard error that sampling gives the mean over rows of log 1/S Σ w, by the delta method: of a row 1/ESS − 1/S is
 * the variance of the logarithm, and rows are sampled apart. Too small where a handful of samples carries the weight.
 *
 * @param effective ESS of each row, of `samples` samples.
 */
export function samplingError(effective: ArrayLike<number>, samples: number): number {
  const variances = Float64Array.from(effective, (size) => Math.max(0, 1 / size - 1 / samples));
  return Math.sqrt(variances.reduce((a, b) => a + b, 0)) / effective.length;
}

/** The middle one of the values, or the mean of the two middle ones. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}
