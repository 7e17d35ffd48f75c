import { boxMuller } from './box_muller.js';
import { checkCount, checkKey, checkLength } from './checks.js';
import { fill, firstDraw, wordsOf } from './random_words.js';
import type { Key } from './stream.js';

/**
 * `n` draws from the standard normal distribution, [n], by the Box-Muller transform of words 2j and
 * 2j + 1 of `bits` into elements 2j and 2j + 1. Element i does not depend on `n`.
 *
 * Why Box-Muller, and not an inverse distribution function as in JAX: one logarithm and one square
 * root serve two draws, there is no branch, so every SIMD lane does the same work, and the radius
 * keeps all 32 bits of its word: |x| reaches √(64 log 2) = 6.66, against 5.4 from a uniform of 24
 * bits. Beyond that lie 3e-11 of the distribution.
 *
 * @param out filled and returned instead of a new array; of length `n`.
 * @throws RandomError if `key` is no key, `n` no count, or `out` of another length.
 *
 * @example
 * ```ts
 * import { key, normal } from '@elbo/random';
 *
 * const draws = normal(key(7), 10_000);
 * const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
 * console.log(Math.abs(mean) < 3 / Math.sqrt(draws.length)); // true
 * ```
 */
export function normal(key: Key, n: number, out?: Float32Array): Float32Array {
  checkKey('normal', key);
  checkCount('normal', n);
  const values = out ?? new Float32Array(n);
  checkLength('normal', 'out', values, n);
  const first = firstDraw(key, n);
  if (first % 2 === 0) return fromPair(key, first, values);
  // The rows of the key begin with the second of a pair.
  values.set(fromPair(key, first - 1, new Float32Array(n + 1)).subarray(1));
  return values;
}

/** Fills `values` with draws from number `first` (even) on. */
function fromPair(key: Key, first: number, values: Float32Array): Float32Array {
  const n = values.length;
  const even = n - (n % 2);
  const words = wordsOf(values).subarray(0, even);
  fill(key, words, first);
  boxMuller(words, values.subarray(0, even));
  if (even < n) {
    const last = new Float32Array(2);
    const lastWords = wordsOf(last);
    fill(key, lastWords, first + even);
    boxMuller(lastWords, last);
    values[even] = last[0]!;
  }
  return values;
}
