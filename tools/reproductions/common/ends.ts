// Intervals of which an end may not be known.
import { figure } from './figures.js';

/** From, to; an end that is not known is null, as JSON has no infinity. */
export type Ends = readonly [from: number | null, to: number | null];

export const knownEnds = ([from, to]: readonly [number, number]): Ends => [
  Number.isFinite(from) ? from : null,
  Number.isFinite(to) ? to : null,
];

/** `−0.110 to 0.078`, or what of it is known. */
export function sayEnds([from, to]: Ends, digits: number): string {
  if (from === null && to === null) return 'not known';
  if (from === null) return `at most ${figure(to!, digits)}`;
  if (to === null) return `at least ${figure(from, digits)}`;
  return `${figure(from, digits)} to ${figure(to, digits)}`;
}
