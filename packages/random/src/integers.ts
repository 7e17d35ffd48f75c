import { checkCount, checkKey, checkLength } from './checks.js';
import { RandomError } from './error.js';
import { eachBlock } from './random_words.js';
import type { Key } from './stream.js';

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit numbers. */
function upperProduct(a: number, b: number): number {
  const low = a * (b & 0xffff);
  const high = a * (b >>> 16);
  // Both are below 2^48, so this sum is exact.
  return Math.floor((high + Math.floor(low / 2 ** 16)) / 2 ** 16);
}

/**
 * floor(w · max / 2^64) for the 64-bit number w whose high word is `w0` and low word `w1`, and a
 * `max` below 2^32: a whole number from 0 to max − 1 (Lemire, 2019, without the rejection).
 */
export function below(max: number, w0: number, w1: number): number {
  const carry = (Math.imul(w0, max) >>> 0) + upperProduct(w1 >>> 0, max) >= 2 ** 32 ? 1 : 0;
  return upperProduct(w0 >>> 0, max) + carry;
}

/**
 * `n` draws from the whole numbers 0 to `max` − 1, [n]. Element i is made of both words of block i
 * (words 2i and 2i + 1 of `bits`, the first the higher), so that no value's probability is off by
 * more than 2^-64, or a part in 2^32. Element i does not depend on `n`.
 *
 * @param out filled and returned instead of a new array; of length `n`.
 * @throws RandomError if `key` is no key, `n` no count, `out` of another length, or `max` no whole
 * number from 1 to 2^32 − 1.
 */
export function integers(key: Key, n: number, max: number, out?: Uint32Array): Uint32Array {
  checkKey('integers', key);
  checkCount('integers', n);
  if (!Number.isInteger(max) || max < 1 || max >= 2 ** 32) {
    throw new RandomError(`integers: max is ${max}; give a whole number from 1 to 2^32 - 1.`);
  }
  const values = out ?? new Uint32Array(n);
  checkLength('integers', 'out', values, n);
  eachBlock(key, n, (i, w0, w1) => {
    values[i] = below(max, w0, w1);
  });
  return values;
}
