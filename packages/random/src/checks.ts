import { RandomError } from './error.js';
import type { BatchRows, Key } from './stream.js';

const LONGEST = 2 ** 31 - 1;

const isWord = (value: unknown): boolean =>
  typeof value === 'number' && value >>> 0 === value && !Object.is(value, -0);

const isKey = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'words' in value &&
  Array.isArray(value.words) &&
  value.words.length === 2 &&
  value.words.every(isWord);

/** Throws unless `key` is two unsigned 32-bit words: it may come from a file, or be a bare seed. */
export function checkKey(where: string, key: Key): void {
  if (!isKey(key)) {
    throw new RandomError(`${where}: the first argument is not a key; make one with key(seed).`);
  }
}

/** Throws unless `n` can be the length of a typed array. */
export function checkCount(where: string, n: number): void {
  if (!Number.isInteger(n) || n < 0 || n > LONGEST) {
    throw new RandomError(`${where}: n is ${n}; give a whole number from 0 to ${LONGEST}.`);
  }
}

/** Throws unless `array` has one element for each of the `n` draws. */
export function checkLength(
  where: string,
  name: string,
  array: ArrayLike<number>,
  n: number,
): void {
  if (array.length !== n) {
    throw new RandomError(
      `${where}: ${name} has ${array.length} elements for ${n} draws; give it ${n}.`,
    );
  }
}

/** Throws unless `rows` are some of a minibatch. */
export function checkRows(where: string, { first, count, of }: BatchRows): void {
  const whole = [first, count, of].every(Number.isSafeInteger);
  if (!whole || first < 0 || count < 1 || first + count > of) {
    throw new RandomError(
      `${where}: ${count} rows from number ${first} on are not within ${of} rows.`,
    );
  }
}
