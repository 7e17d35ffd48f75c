import { checkCount, checkKey, checkLength } from './checks.js';
import { fill, wordsOf } from './random_words.js';
import type { Key } from './stream.js';

/**
 * `n` random 32-bit words, [n]. Word i is word i mod 2 of the Threefry block whose counter is
 * (0x62697473, floor(i / 2)): a function of the key and i alone, so a longer draw begins with a
 * shorter one, and any part can be made in any order. Every sampler reads this one stream: draw once
 * from a key, and `split` or `fold` it for more.
 *
 * Unlike keys, samples differ from JAX's, which spends a whole block on each word.
 *
 * @param out filled and returned instead of a new array; of length `n`.
 * @throws RandomError if `key` is no key, `n` no count, or `out` of another length.
 */
export function bits(key: Key, n: number, out?: Uint32Array): Uint32Array {
  checkKey('bits', key);
  checkCount('bits', n);
  const values = out ?? new Uint32Array(n);
  checkLength('bits', 'out', values, n);
  fill(key, wordsOf(values));
  return values;
}
