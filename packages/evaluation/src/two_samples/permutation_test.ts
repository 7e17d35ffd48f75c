import { DataError } from '@elbo/core';
import { fold, permutation, type Key } from '@elbo/random';
import { expectCount } from '../estimable.js';

/** Whether two samples are of one distribution. */
export interface TwoSampleTest {
  /** What is measured; greater where they differ more. */
  readonly statistic: number;
  /**
   * The probability of a statistic as great or greater were the distributions equal: at most a share α of equal pairs
   * has p ≤ α, whatever the distribution and the number of samples.
   */
  readonly p: number;
}

/** How a p-value is found. */
export interface PermutationOptions {
  readonly key: Key;
  /** Random divisions of all samples in two; 199 by default: p is a multiple of 1/200. */
  readonly permutations?: number;
}

/**
 * A permutation test: how many of random divisions of n + m samples have a statistic as great as the given division, the
 * first n against the others, itself counted (Phipson & Smyth 2010).
 *
 * @param statistic Of the division whose first part has 1 at its samples' places, `[n + m]`.
 * @throws ConfigError unless `permutations` is a whole number from 1; DataError when the statistic is NaN, which no other
 * would be as great as.
 */
export function permutationTest(
  n: number,
  m: number,
  statistic: (first: Uint8Array) => number,
  { key, permutations = 199 }: PermutationOptions,
): TwoSampleTest {
  expectCount('A permutation test', 'permutations', permutations, 1);
  const given = Uint8Array.from({ length: n + m }, (_, i) => Number(i < n));
  const found = statistic(given);
  if (Number.isNaN(found))
    throw new DataError('A permutation test: not estimable, as the statistic is NaN.');
  let asGreat = 1;
  for (let i = 0; i < permutations; i++) {
    const order = permutation(fold(key, i), n + m);
    if (statistic(given.map((_, place) => given[order[place]!]!)) >= found) asGreat++;
  }
  return { statistic: found, p: asGreat / (permutations + 1) };
}
