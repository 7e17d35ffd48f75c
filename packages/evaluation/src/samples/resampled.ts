import { fold, permutation, type Key } from '@elbo/random';
import { expectEnough } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';

/** How figures are resampled. */
export interface ResampledOptions {
  readonly key: Key;
  /** n: rows in each set that figures are of. */
  readonly size: number;
  /** How many sets; 10 by default. */
  readonly times?: number;
}

/**
 * Figures of sets of n rows, and how much they vary from set to set: of `times` sets drawn from N rows. The error of each
 * is the standard deviation of the figure of one such set, so that 95 % of sets are within 1.96 of it. Sets share rows, and vary the less for it
 * by √(1 − n/N), which is made good.
 *
 * For figures with a bias that depends on n, such as Fréchet distances, only those of equal n compare.
 *
 * @param of The figures of the rows with these numbers.
 * @throws DataError when there are fewer than 2n rows.
 */
export async function resampled<Name extends string>(
  count: number,
  { key, size, times = 10 }: ResampledOptions,
  of: (rows: Int32Array) => Promise<Readonly<Record<Name, number>>>,
): Promise<Readonly<Record<Name, Estimate>>> {
  expectEnough('Figures of sets of rows', count, 2 * size);
  const found: Readonly<Record<Name, number>>[] = [];
  for (let i = 0; i < times; i++)
    found.push(await of(Int32Array.from(permutation(fold(key, i), count).subarray(0, size))));
  const names = Object.keys(found[0]!) as Name[];
  const spread = (name: Name): Estimate => {
    const { mean, error } = estimateOf(found.map((figures) => figures[name]));
    return { mean, error: (error * Math.sqrt(times)) / Math.sqrt(1 - size / count) };
  };
  return Object.fromEntries(names.map((name) => [name, spread(name)])) as Record<Name, Estimate>;
}
