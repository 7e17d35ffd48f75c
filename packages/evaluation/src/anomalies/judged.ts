import { conformalThreshold } from './conformal.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { aupr, auroc } from './detection.js';

/** How well scores tell anomalies from normal rows. */
export interface JudgedScores {
  /** The probability that an anomaly has the greater score: ½ is chance. */
  readonly auroc: Estimate;
  /** The average precision: the share of anomalies among all rows is chance. */
  readonly aupr: number;
  /** Of normal rows at most a share α lies above it, in expectation, whatever the score. */
  readonly threshold: number;
  /** The share of the normal rows above it: α, but for the accident of both sets. */
  readonly falseAlarms: Estimate;
  /** The share of the anomalies above it. */
  readonly found: Estimate;
}

/**
 * Judges anomaly scores, by all thresholds and by the conformal one.
 *
 * @param calibration Scores of normal rows that set the threshold, and that are judged by nothing else.
 * @throws ConfigError unless 0 < alpha < 1; DataError when there are no scores of a kind, or one is NaN.
 */
export function judgeScores(
  {
    calibration,
    normal,
    anomalies,
  }: Readonly<Record<'calibration' | 'normal' | 'anomalies', ArrayLike<number>>>,
  alpha = 0.05,
): JudgedScores {
  const threshold = conformalThreshold(calibration, alpha);
  const above = (scores: ArrayLike<number>): Estimate =>
    estimateOf(Array.from(scores, (score) => Number(score > threshold)));
  return {
    auroc: auroc(normal, anomalies),
    aupr: aupr(normal, anomalies),
    threshold,
    falseAlarms: above(normal),
    found: above(anomalies),
  };
}
