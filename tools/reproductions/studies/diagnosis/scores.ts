// How right the diagnosis is.
import type { Ends } from '../../common/ends.js';
import type { Judged } from './result.js';

/** What an error matters from, by the true divergence. */
export const toleranceOf = ({ truth }: Judged): number => Math.max(0.01, 0.01 * truth.divergence);

/** Whether the ELBO by the trained discriminator is off by more than matters; not known where that is within the truth's own error. */
export function standingOf(model: Judged): 'within' | 'off' | 'not known' {
  const beyond = Math.abs(model.truth.deviation) - toleranceOf(model);
  if (Math.abs(beyond) <= model.truth.disagreement) return 'not known';
  return beyond > 0 ? 'off' : 'within';
}

/** `trustworthy` claims that it is not off; `lagging` and `saturated` that it is not to be believed. */
export function scoreOf(model: Judged): 'right' | 'wrong' | 'unknown' | 'not judged' {
  if (model.verdict === 'unknown') return 'unknown';
  const standing = standingOf(model);
  if (standing === 'not known') return 'not judged';
  return (model.verdict === 'trustworthy') === (standing === 'within') ? 'right' : 'wrong';
}

/** Draws that carry the bound of fresh discriminators, at least, if it is to count. */
const fewDraws = 100;

/** What the verdict would be by fresh discriminators alone, as of a posterior that allows no bounds. */
export function verdictAlone(model: Judged): Judged['verdict'] {
  const { fresh, kind, effectiveDraws, tolerance, accuracy } = model;
  if (kind === 'few rows' || effectiveDraws < fewDraws) return 'unknown';
  const [from, to] = [fresh.deviation[0] ?? -Infinity, fresh.deviation[1] ?? Infinity];
  if (from >= -tolerance && to <= tolerance) return 'trustworthy';
  if (accuracy > 0.95) return 'saturated';
  return from > tolerance || to < -tolerance ? 'lagging' : 'unknown';
}

/** Whether an interval holds the truth, to within that one's own error; an end that is not known is beyond it. */
export function holds(
  [from, to]: Ends,
  { truth: { deviation, disagreement } }: Pick<Judged, 'truth'>,
): boolean {
  return (
    (from ?? -Infinity) <= deviation + disagreement && deviation - disagreement <= (to ?? Infinity)
  );
}

/** The 95 % interval of a probability by k successes in n (Wilson 1927). */
export function wilson(k: number, n: number): readonly [number, number] {
  const z2 = 1.96 ** 2;
  const middle = (k + z2 / 2) / (n + z2);
  const by = (1.96 / (n + z2)) * Math.sqrt((k * (n - k)) / n + z2 / 4);
  return [middle - by, middle + by];
}

/** Widths of the intervals of which both ends are known. */
export function widths(intervals: readonly Ends[]): readonly number[] {
  return intervals.flatMap(([from, to]) => (from === null || to === null ? [] : [to - from]));
}
