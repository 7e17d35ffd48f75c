import { ConfigError, DataError } from '@elbo/core';

/**
 * The threshold for anomaly scores that a share of at most `alpha` of normal rows exceeds: the k-th smallest of n scores
 * of normal rows that were not trained on, k = ⌈(n + 1)(1 − α)⌉ (split-conformal prediction; Papadopoulos et al. 2002,
 * Lei et al. 2018, section 2.2). A row is called an anomaly when its score is *greater*.
 *
 * The promise holds for any score and any distribution, so long as the calibration rows and the new one are
 * exchangeable: P(score > threshold) ≤ α, over both. Of one set of calibration rows, with scores that are all
 * different, the share of new normal rows above the threshold is Beta(n + 1 − k, k) distributed: its standard deviation
 * is about √(α(1 − α)/n).
 *
 * @returns Infinity where n < 1/α − 1 scores are too few to promise anything.
 * @throws ConfigError unless 0 < alpha < 1; DataError when there is no score, or one is NaN.
 */
export function conformalThreshold(scores: ArrayLike<number>, alpha: number): number {
  if (!(alpha > 0 && alpha < 1))
    throw new ConfigError(`conformalThreshold: 'alpha' is a share in (0, 1), not ${alpha}.`);
  const sorted = Float64Array.from(scores).sort();
  const n = sorted.length;
  if (n === 0 || Number.isNaN(sorted[n - 1]))
    throw new DataError(
      `conformalThreshold: ${n === 0 ? 'there are no scores' : 'a score is NaN'}; give those of normal rows.`,
    );
  // (n + 1)α is a whole number for the usual α and n, which binary fractions may miss from below.
  const above = Math.floor((n + 1) * alpha * (1 + 1e-12));
  return above === 0 ? Infinity : sorted[n - above]!;
}

/**
 * How unusual each score is among those of normal rows that were not trained on: the share of these, the row itself counted among
 * them, that score as high, p = (1 + #{calibration ≥ score}) / (n + 1) (Vovk, Gammerman & Shafer 2005, section 2.2; Bates et al.
 * 2023, eq. 2). Of a new normal row P(p ≤ α) ≤ α for every α, whatever the score, and p ≤ α exactly where the score is above
 * `conformalThreshold(calibration, α)`.
 *
 * @throws DataError when there is no calibration score, or a score is NaN.
 */
export function conformalPValues(
  calibration: ArrayLike<number>,
  scores: ArrayLike<number>,
): Float64Array {
  const sorted = Float64Array.from(calibration).sort();
  const n = sorted.length;
  if (n === 0 || Number.isNaN(sorted[n - 1]))
    throw new DataError(
      `conformalPValues: ${n === 0 ? 'there are no calibration scores' : 'a calibration score is NaN'}; give those of normal rows.`,
    );
  return Float64Array.from(scores, (score, row) => {
    if (Number.isNaN(score))
      throw new DataError(`conformalPValues: the score of row ${row} is NaN.`);
    // The first that is no less.
    let [from, to] = [0, n];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (sorted[middle]! < score) from = middle + 1;
      else to = middle;
    }
    return (1 + n - from) / (n + 1);
  });
}
