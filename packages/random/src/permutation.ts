import { checkCount, checkKey, checkLength } from './checks.js';
import { below } from './integers.js';
import { ofBatch } from './key.js';
import { eachBlock } from './random_words.js';
import type { Key } from './stream.js';

/**
 * A random order of the whole numbers 0 to `n` − 1, [n], by the inside-out shuffle of Fisher and
 * Yates: i goes to place j and what was there to place i, with j from 0 to i made of block i as in
 * `integers`. Every order has the same probability within a part in 2^32 a step. Here elements do
 * depend on `n`.
 *
 * @param out filled and returned instead of a new array; of length `n`.
 * @throws RandomError if `key` is no key, `n` no count, or `out` of another length.
 */
export function permutation(key: Key, n: number, out?: Uint32Array): Uint32Array {
  checkKey('permutation', key);
  checkCount('permutation', n);
  const order = out ?? new Uint32Array(n);
  checkLength('permutation', 'out', order, n);
  eachBlock(ofBatch(key), n, (i, w0, w1) => {
    const j = below(i + 1, w0, w1);
    order[i] = order[j]!;
    order[j] = i;
  });
  return order;
}
