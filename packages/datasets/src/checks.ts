import { ConfigError, DataError } from '@elbo/core';
import { fold, key, type Key } from '@elbo/random';
import type { Dataset, Split } from './dataset.js';

/** The most rows of a set, and the most rows or values that are made at once: a gigabyte of numbers. */
export const mostNumbers: number = 2 ** 28;

/** Fails unless every row exists. */
export function expectRows(
  rows: Iterable<number>,
  { name, size }: Pick<Dataset, 'name' | 'size'>,
): void {
  for (const row of rows)
    if (row >= size)
      throw new DataError(`${name}: there is no row ${row}; it has rows 0 to ${size - 1}.`);
}

/** Fails unless `value` is a whole number from `least` to `most`. */
export function expectCount(
  value: number,
  what: string,
  least = 1,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new ConfigError(`${what} must be a whole number of at least ${least}, not ${value}.`);
  if (value > most)
    throw new ConfigError(
      `${what} must be at most ${most}, not ${value}: it would not fit in memory.`,
    );
}

/**
 * Fails unless rows of a set can be so many.
 *
 * @param numbers how many numbers of each are held in memory from the first; 1, its place in an order, by default.
 */
export function expectSize(size: number, name: string, numbers = 1): void {
  expectCount(size, `${name}: size`, 1, Math.floor(mostNumbers / numbers));
}

/** Fails unless `value` is a finite number above 0. */
export function expectPositive(value: number, what: string): void {
  if (!(value > 0 && value < Infinity))
    throw new ConfigError(`${what} must be a positive number, not ${value}.`);
}

/** The key of a seed. */
export function keyOf(seed: number, what: string): Key {
  if (!Number.isSafeInteger(seed))
    throw new ConfigError(
      `${what}: seed must be a whole number of at most 2^53 − 1 in size, not ${seed}.`,
    );
  return key(seed);
}

const splits: readonly string[] = ['train', 'validation', 'test'] satisfies Split[];

/** Fails unless `split` is one. */
export function expectSplit(split: Split, what: string): void {
  if (!splits.includes(split))
    throw new ConfigError(
      `${what}: split must be ${splits.join(', ')}, not ${JSON.stringify(split)}.`,
    );
}

/** The key of a generated set's rows. */
export function sourceOf(name: string, seed: number, split: Split): Key {
  expectSplit(split, name);
  return fold(fold(keyOf(seed, name), name), split);
}
