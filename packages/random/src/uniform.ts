import { checkCount, checkKey, checkLength } from './checks.js';
import { fill, wordsOf } from './random_words.js';
import type { Key } from './stream.js';

/**
 * `n` draws from the uniform distribution on [0, 1), [n]: the upper 24 bits of word i of `bits`, as
 * a multiple of 2^-24. These are equally spaced and exact in float32 (JAX has 23 bits). Element i
 * does not depend on `n`.
 *
 * @param out filled and returned instead of a new array; of length `n`.
 * @throws RandomError if `key` is no key, `n` no count, or `out` of another length.
 */
export function uniform(key: Key, n: number, out?: Float32Array): Float32Array {
  checkKey('uniform', key);
  checkCount('uniform', n);
  const values = out ?? new Float32Array(n);
  checkLength('uniform', 'out', values, n);
  const words = wordsOf(values);
  fill(key, words);
  for (let i = 0; i < n; i++) values[i] = (words[i]! >>> 8) / 2 ** 24;
  return values;
}
