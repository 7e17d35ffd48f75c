import { expectEnough } from './estimable.js';

/** An estimate with its standard error. */
export interface Estimate {
  readonly mean: number;
  /** Standard error of the mean: it says nothing of a bias. NaN where it cannot be estimated, as of a single value. */
  readonly error: number;
}

/**
 * The mean of values and its standard error, in doubles; NaN for the error of a single value.
 *
 * @throws DataError when there are none.
 */
export function estimateOf(values: ArrayLike<number>): Estimate {
  const n = values.length;
  expectEnough('A mean', n, 1, 'value');
  const all = Float64Array.from(values);
  const mean = all.reduce((a, b) => a + b, 0) / n;
  const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  return { mean, error: Math.sqrt(variance / n) };
}

/** An estimate in words, `1.20 ± 0.05`, that says so where there is no error, or no figure at all. */
export function sayEstimate({ mean, error }: Estimate, digits = 2): string {
  if (Number.isNaN(mean)) return 'not estimable';
  const value = mean.toFixed(digits).replace('-', '−');
  return Number.isNaN(error)
    ? `${value} (error not estimable)`
    : `${value} ± ${error.toFixed(digits)}`;
}

/**
 * The standard error that sampling gives the mean over rows of log 1/S Σ w, by the delta method: of a row 1/ESS − 1/S is
 * the variance of the logarithm, and rows are sampled apart. Too small where a handful of samples carries the weight; NaN
 * of a single sample, which tells nothing of how samples vary.
 *
 * @param effective ESS of each row, of `samples` samples.
 */
export function samplingError(effective: ArrayLike<number>, samples: number): number {
  if (samples < 2) return NaN;
  const variances = Float64Array.from(effective, (size) => Math.max(0, 1 / size - 1 / samples));
  return Math.sqrt(variances.reduce((a, b) => a + b, 0)) / effective.length;
}

/** The middle one of the values, or the mean of the two middle ones; NaN where one is. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  // Sorting puts NaN last, where it would only move the middle.
  if (Number.isNaN(sorted.at(-1))) return NaN;
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}
