import { checkCount, checkKey, checkLength } from './checks.js';
import { RandomError } from './error.js';
import { fill, wordsOf } from './random_words.js';
import type { Key } from './stream.js';

function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new RandomError(`bernoulli: a probability is ${p}; give numbers from 0 to 1.`);
  }
}

/**
 * `n` draws of 0 or 1, [n]: element i is 1 where word i of `bits` is less than probability · 2^32,
 * so 0 and 1 are certain and the chance of a 1 is right to 2^-32. Element i does not depend on `n`.
 *
 * @param probability of a 1: one number for all draws, or one for each, [n].
 * @param out filled and returned instead of a new array; of length `n`, and not `probability` itself.
 * @throws RandomError if `key` is no key, `n` no count, a probability is outside [0, 1], or an array
 * has another length.
 */
export function bernoulli(
  key: Key,
  probability: number | ArrayLike<number>,
  n: number,
  out?: Float32Array,
): Float32Array {
  checkKey('bernoulli', key);
  checkCount('bernoulli', n);
  const values = out ?? new Float32Array(n);
  checkLength('bernoulli', 'out', values, n);
  if (typeof probability === 'number') {
    checkProbability(probability);
  } else {
    checkLength('bernoulli', 'probability', probability, n);
    for (let i = 0; i < n; i++) checkProbability(probability[i]!);
    if (probability === out) {
      throw new RandomError('bernoulli: out is the array of probabilities; give it another.');
    }
  }
  const words = wordsOf(values);
  fill(key, words);
  // A comparison as a number, because a branch on a random word is mispredicted half of the time.
  if (typeof probability === 'number') {
    const threshold = probability * 2 ** 32;
    for (let i = 0; i < n; i++) values[i] = Number(words[i]! >>> 0 < threshold);
  } else {
    for (let i = 0; i < n; i++) values[i] = Number(words[i]! >>> 0 < probability[i]! * 2 ** 32);
  }
  return values;
}
