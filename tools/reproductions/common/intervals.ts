// Intervals of 95 %, at the level of training seeds.
import { figure, mean } from './figures.js';
import { studentWithin } from './student.js';

/** An estimate, and where its truth is with a confidence of 95 %: from −∞ to ∞ where nothing tells. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A figure without an error. */
export const exactly = (value: number): Interval => ({ mean: value, low: value, high: value });

/** What is known but for `by`. */
export const around = (value: number, by: number): Interval => ({
  mean: value,
  low: value - by,
  high: value + by,
});

const squares = (values: readonly number[], middle: number): number =>
  values.reduce((sum, value) => sum + (value - middle) ** 2, 0);

/**
 * The mean over training seeds, of one figure each, by Student's t: what another choice of seeds would have given. Figures of
 * runs vary far more than the errors over rows that each run states. One seed tells nothing of others. To compare two methods,
 * give the differences of their figures, seed by seed: any pairing is valid, and one that shares noise is narrower.
 */
export function overSeeds(values: readonly number[]): Interval {
  const n = values.length;
  const middle = mean(values);
  if (n < 2) return around(middle, Infinity);
  const error = Math.sqrt(squares(values, middle) / (n - 1) / n);
  return around(middle, studentWithin(n - 1) * error);
}

/**
 * The mean over training seeds and test rows, of `values[seed][row]`, which are the same rows for every seed: what other seeds on
 * other rows would have given. Seeds, rows, and what a seed makes of a row are random effects, whose variances are had from the
 * means of squares; their sum has the degrees of freedom of Satterthwaite (1946), never fewer than seeds less one. To compare two
 * methods, give differences of the same seed and row: what makes a row easy for both then drops out.
 */
export function overSeedsAndRows(values: readonly (readonly number[])[]): Interval {
  const [seeds, rows] = [values.length, values[0]!.length];
  const ofSeeds = values.map(mean);
  if (rows < 2 || seeds < 2) return overSeeds(ofSeeds);
  const ofRows = values[0]!.map((_, row) => mean(values.map((own) => own[row]!)));
  const middle = mean(ofSeeds);
  const [betweenSeeds, betweenRows] = [
    rows * squares(ofSeeds, middle),
    seeds * squares(ofRows, middle),
  ];
  const all = values.reduce((sum, own) => sum + squares(own, middle), 0);
  const degrees = [seeds - 1, rows - 1, (seeds - 1) * (rows - 1)] as const;
  const [a, b, both] = [
    betweenSeeds / degrees[0],
    betweenRows / degrees[1],
    Math.max(0, all - betweenSeeds - betweenRows) / degrees[2],
  ];
  const total = Math.max(a, b, a + b - both);
  if (total === 0) return exactly(middle);
  const spread = a ** 2 / degrees[0] + b ** 2 / degrees[1] + both ** 2 / degrees[2];
  const df = Math.max(degrees[0], total ** 2 / spread);
  return around(middle, studentWithin(df) * Math.sqrt(total / (seeds * rows)));
}

/** a − b of each seed and row. */
export const differences = (
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): readonly (readonly number[])[] =>
  a.map((own, seed) => own.map((value, row) => value - b[seed]![row]!));

/** How many seeds it would take for an interval to leave 0 out, were the mean and the spread what these seeds say. */
export function seedsToTell(values: readonly number[]): number {
  const middle = Math.abs(mean(values));
  const spread = Math.sqrt(squares(values, mean(values)) / (values.length - 1));
  let count = 2;
  while (studentWithin(count - 1) * spread > middle * Math.sqrt(count))
    count += Math.ceil(count / 100);
  return count;
}

/** An interval in words: its middle and its ends, or the middle alone where it has no width. */
export function sayInterval({ mean, low, high }: Interval, digits: number): string {
  const middle = figure(mean, digits);
  if (low === high) return middle;
  if (!Number.isFinite(low)) return `${middle} (one seed)`;
  return `${middle} (${figure(low, digits)} to ${figure(high, digits)})`;
}
