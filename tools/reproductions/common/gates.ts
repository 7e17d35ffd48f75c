// What figures must be. A gate is a bound on what a figure surely is: a point on the right side of it shows nothing.
import { figure } from './figures.js';
import { sayInterval, type Interval } from './intervals.js';

/** Whether a bound is kept: of all of an interval, of none of it, or of a part. */
export type Verdict = 'holds' | 'missed' | 'not decided';

/** What a figure must be, and what its interval of 95 % says of that. */
export interface Bound {
  readonly text: string;
  verdict(interval: Interval): Verdict;
}

/** A figure against its bound. */
export interface Gate extends Interval {
  readonly name: string;
  readonly required: string;
  readonly verdict: Verdict;
}

const plain = (value: number): string => String(value).replace('-', '−');

const decided = (holds: boolean, misses: boolean): Verdict =>
  holds ? 'holds' : misses ? 'missed' : 'not decided';

export const atLeast = (bound: number): Bound => ({
  text: `≥ ${plain(bound)}`,
  verdict: ({ low, high }) => decided(low >= bound, high < bound),
});

export const atMost = (bound: number): Bound => ({
  text: `≤ ${plain(bound)}`,
  verdict: ({ low, high }) => decided(high <= bound, low > bound),
});

/** @param digits Of the middle, as many as it needs by default. */
export const within = (middle: number, by: number, digits?: number): Bound => ({
  text: `${digits === undefined ? plain(middle) : figure(middle, digits)} ± ${by}`,
  verdict: ({ low, high }) =>
    decided(middle - by <= low && high <= middle + by, high < middle - by || low > middle + by),
});

export const gate = (name: string, interval: Interval, { text, verdict }: Bound): Gate => ({
  name,
  ...interval,
  required: text,
  verdict: verdict(interval),
});

/** Whether nothing is missed for sure; what is not decided is said, and ends no run in failure. */
export const noneMissed = (gates: readonly Pick<Gate, 'verdict'>[]): boolean =>
  gates.every(({ verdict }) => verdict !== 'missed');

/** A verdict as tables show it. */
export const told = (verdict: Verdict): string =>
  verdict === 'holds' ? verdict : `**${verdict}**`;

/** A sentence on gates: how many hold, which are missed and which are not decided. */
export function sayGates(gates: readonly Gate[], digits = 4): string {
  const list = (of: Verdict): string =>
    gates
      .filter(({ verdict }) => verdict === of)
      .map(
        ({ name, required, ...interval }) =>
          `${name} ${sayInterval(interval, digits)}, required ${required}`,
      )
      .join('; ');
  const [missed, open] = [list('missed'), list('not decided')];
  return [
    missed === '' && open === ''
      ? 'Everything that is required holds, by intervals of 95 %.'
      : `Of what is required, ${gates.filter(({ verdict }) => verdict === 'holds').length} of ${gates.length} hold by intervals of 95 %.`,
    ...(missed === '' ? [] : [`**Missed:** ${missed}.`]),
    ...(open === '' ? [] : [`**Not decided:** ${open}.`]),
  ].join(' ');
}
