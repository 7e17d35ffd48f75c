import { DataError } from '@elbo/core';
import type { Estimate } from '../estimate.js';

/**
 * How well scores tell anomalies from normal rows, at any threshold: the probability that an anomaly has the greater
 * score, ties counting half (the area under the receiver operating characteristic; the Mann–Whitney statistic). ½ is
 * chance. The error is DeLong's (DeLong, DeLong & Clarke-Pearson 1988); 0 of sets that do not overlap, where it says
 * nothing.
 *
 * @throws DataError when there are no scores of a kind, or one is NaN.
 */
export function auroc(normal: ArrayLike<number>, anomalies: ArrayLike<number>): Estimate {
  const { scores, places } = ranked('auroc', normal, anomalies);
  const [n, m] = [normal.length, anomalies.length];
  /** For each score, the share of the other kind that it is right about. */
  const rightOfNormal: number[] = [];
  const rightOfAnomalies: number[] = [];
  let [normalBelow, anomaliesBelow] = [0, 0];
  for (const [begin, end] of places) {
    const tied = scores.slice(begin, end);
    const tiedAnomalies = tied.filter(({ anomaly }) => anomaly).length;
    const tiedNormal = tied.length - tiedAnomalies;
    for (const { anomaly } of tied)
      if (anomaly) rightOfAnomalies.push((normalBelow + tiedNormal / 2) / n);
      else rightOfNormal.push((m - anomaliesBelow - tiedAnomalies / 2) / m);
    normalBelow += tiedNormal;
    anomaliesBelow += tiedAnomalies;
  }
  const mean = rightOfAnomalies.reduce((a, b) => a + b, 0) / m;
  const variance = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance(rightOfAnomalies) / m + variance(rightOfNormal) / n) };
}

/**
 * The area under the curve of precision against recall, as the average precision: the sum over thresholds, from the
 * greatest score down, of the precision times the recall gained (tied scores are one threshold, and nothing is
 * interpolated; Davis & Goadrich 2006). The share of anomalies among all is chance.
 *
 * @throws DataError when there are no scores of a kind, or one is NaN.
 */
export function aupr(normal: ArrayLike<number>, anomalies: ArrayLike<number>): number {
  const { scores, places } = ranked('aupr', normal, anomalies);
  let [area, called, found] = [0, 0, 0];
  for (const [begin, end] of places.toReversed()) {
    const gained = scores.slice(begin, end).filter(({ anomaly }) => anomaly).length;
    called += end - begin;
    found += gained;
    area += (gained / anomalies.length) * (found / called);
  }
  return area;
}

/** All scores, the least first, and where those that are equal begin and end. */
function ranked(
  where: string,
  normal: ArrayLike<number>,
  anomalies: ArrayLike<number>,
): {
  readonly scores: readonly { readonly score: number; readonly anomaly: boolean }[];
  readonly places: readonly (readonly [begin: number, end: number])[];
} {
  const scores = [
    ...Array.from(normal, (score) => ({ score, anomaly: false })),
    ...Array.from(anomalies, (score) => ({ score, anomaly: true })),
  ].sort((a, b) => a.score - b.score);
  if (
    normal.length === 0 ||
    anomalies.length === 0 ||
    scores.some(({ score }) => Number.isNaN(score))
  )
    throw new DataError(
      `${where}: needs scores of normal rows and of anomalies, none of them NaN; got ${normal.length} and ${anomalies.length}.`,
    );
  const starts = scores.flatMap(({ score }, i) => (score === scores[i - 1]?.score ? [] : [i]));
  return { scores, places: starts.map((begin, i) => [begin, starts[i + 1] ?? scores.length]) };
}
