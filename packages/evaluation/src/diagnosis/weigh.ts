import type { Evidence } from './evidence.js';
import type { Interval } from './interval.js';

/** What evidence says together. In nats. */
export interface Weighed {
  /** By how much the reported ELBO is above the true one. */
  readonly deviation: Interval;
  /** Where the true ELBO lies. */
  readonly interval: Interval;
  /** All of it, what does not count with a doubt. */
  readonly evidence: readonly Evidence[];
}

/** Neither end is known. */
const anywhere: Interval = [-Infinity, Infinity];

/**
 * Intersects what the evidence says, in so far as it counts. Where bounds decide by themselves, what rests on an allowance is
 * not asked. What leaves room on the impossible side of other evidence, by more than the tolerance, or none on the possible one, misses
 * more than matters, or than it allows for, and so does not count; nor does any where all contradicts itself.
 */
export function weigh(given: readonly Evidence[], tolerance: number): Weighed {
  const evidence = given.map((one) => doubted(one, given, tolerance));
  const sure = evidence.filter(({ doubt, allows }) => doubt === undefined && !allows);
  const counted = decides(intersection(sure.map((one) => one.deviation)), tolerance)
    ? sure
    : evidence.filter(({ doubt }) => doubt === undefined);
  const deviation = intersection(counted.map((one) => one.deviation));
  const interval = intersection(counted.map((one) => one.interval));
  if (!(deviation[0] > deviation[1]) && !(interval[0] > interval[1]))
    return { deviation, interval, evidence };
  const by = counted.map((one) => one.by).join(' and ');
  const doubt = `${by} contradict each other: take more rows, draws and steps`;
  return {
    deviation: anywhere,
    interval: anywhere,
    evidence: evidence.map((one) => ({ ...one, doubt: one.doubt ?? doubt })),
  };
}

/** Whether an ELBO that is off by what lies in here is known to be off by more than the tolerance, or by less. */
function decides([from, to]: Interval, tolerance: number): boolean {
  if (from > to || !Number.isFinite(to - from)) return false;
  return from > tolerance || to < -tolerance || (from >= -tolerance && to <= tolerance);
}

function doubted(one: Evidence, all: readonly Evidence[], tolerance: number): Evidence {
  // A bound may be as loose as it is; an allowance for what it misses may not be shown to be needed.
  if (one.doubt !== undefined || !one.allows) return one;
  const strictest = all
    .filter(({ doubt }) => doubt === undefined)
    .reduce((a, b) => (b.deviation[0] > a.deviation[0] ? b : a));
  if (one.deviation[0] < strictest.deviation[0] - tolerance)
    return {
      ...one,
      doubt: `they leave room for an ELBO above what ${strictest.by} allows, and so miss more than matters: fit them for more steps, or take larger ones`,
    };
  const sure = all.filter(({ doubt, allows }) => doubt === undefined && !allows);
  const from = Math.max(...sure.map(({ deviation }) => deviation[0]));
  return one.deviation[1] < from
    ? {
        ...one,
        doubt: `they miss more than they allow for, by ${strictest.by}: fit them for more steps, or take larger ones`,
      }
    : one;
}

function intersection(intervals: readonly Interval[]): Interval {
  return intervals.reduce(
    ([from, to], [least, most]) => [Math.max(from, least), Math.min(to, most)],
    anywhere,
  );
}
