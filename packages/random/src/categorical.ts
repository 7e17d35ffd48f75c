import { checkCount, checkKey, checkLength } from './checks.js';
import { RandomError } from './error.js';
import { exponential } from './exponential.js';
import { fill, wordsOf } from './random_words.js';
import type { Key } from './stream.js';

/** The cumulative distribution times 2^32, rounded down: class k is drawn below the kth threshold. */
function thresholdsOf(logits: ArrayLike<number>): Float64Array {
  let top = -Infinity;
  for (let k = 0; k < logits.length; k++) {
    const logit = logits[k]!;
    if (!(logit < Infinity)) {
      throw new RandomError(
        `categorical: logit ${k} is ${logit}; give finite numbers, or -Infinity for "never".`,
      );
    }
    if (logit > top) top = logit;
  }
  if (top === -Infinity) {
    throw new RandomError('categorical: no class is possible; give at least one finite logit.');
  }
  const cumulative = new Float64Array(logits.length);
  let total = 0;
  for (let k = 0; k < logits.length; k++) {
    total += exponential(logits[k]! - top);
    cumulative[k] = total;
  }
  return cumulative.map((sum) => Math.floor((sum / total) * 2 ** 32));
}

/** The first class whose threshold exceeds the word; the last threshold exceeds every word. */
export function classOf(word: number, thresholds: Float64Array): number {
  let low = 0;
  let high = thresholds.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (word < thresholds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * `n` draws of a class, [n], from softmax(`logits`), [K]: the first class whose cumulative
 * probability times 2^32, rounded down, exceeds word i of `bits`. A class's probability is right to
 * 2^-32, and zero for a logit of −Infinity. Element i does not depend on `n`.
 *
 * Why the inverse distribution function, and not Gumbel-max as in JAX: one word a draw instead of K
 * words and 2K logarithms, found in log2 K comparisons.
 *
 * @param out filled and returned instead of a new array; of length `n`.
 * @throws RandomError if `key` is no key, `n` no count, `out` of another length, a logit is NaN or
 * +Infinity, or none is finite.
 */
export function categorical(
  key: Key,
  logits: ArrayLike<number>,
  n: number,
  out?: Int32Array,
): Int32Array {
  checkKey('categorical', key);
  checkCount('categorical', n);
  const values = out ?? new Int32Array(n);
  checkLength('categorical', 'out', values, n);
  const thresholds = thresholdsOf(logits);
  const words = wordsOf(values);
  fill(key, words);
  for (let i = 0; i < n; i++) values[i] = classOf(words[i]! >>> 0, thresholds);
  return values;
}
