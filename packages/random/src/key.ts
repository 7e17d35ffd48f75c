import { checkCount, checkKey, checkRows } from './checks.js';
import { RandomError } from './error.js';
import type { BatchRows, Key } from './stream.js';
import { threefry2x32 } from './threefry.js';

/** First counter word of a string's first block ("text"); no safe integer has it as its high word. */
const TEXT = 0x74657874;

/** The high and low words of a safe integer's 64-bit two's complement. */
function halves(where: string, name: string, value: number): [number, number] {
  if (!Number.isSafeInteger(value)) {
    throw new RandomError(
      `${where}: ${name} is ${value}; give a whole number of at most 2^53 - 1 in size.`,
    );
  }
  return [Math.floor(value / 2 ** 32) >>> 0, value >>> 0];
}

/**
 * The key of a seed: the high and low words of its 64-bit two's complement. Equals
 * `jax.random.PRNGKey(seed)` (JAX truncates to 32 bits unless `jax_enable_x64` is set).
 *
 * @throws RandomError unless `seed` is a safe integer.
 *
 * @example
 * ```ts
 * import { key, uniform } from '@elbo/random';
 *
 * console.log(key(7).words); // [ 0, 7 ]
 * console.log(uniform(key(7), 2).join() === uniform(key(7), 2).join()); // true
 * ```
 */
export function key(seed: number): Key {
  return { words: halves('key', 'seed', seed) };
}

/**
 * The key of the noise of some rows of a minibatch: what it and its children draw for them is what
 * `whole` and its children draw for the same rows of all, so that noise does not depend on how a
 * minibatch is split. A draw has n / count numbers for each row, row after row. What mixes rows
 * (`permutation`) is drawn as with `whole`.
 *
 * @throws RandomError unless `rows` are part of a minibatch.
 */
export function ofRows(whole: Key, rows: BatchRows): Key {
  checkRows('ofRows', rows);
  return { words: whole.words, rows };
}

/** The key of noise that all rows of a minibatch share, whatever rows `key` is for. */
export function ofBatch({ words }: Key): Key {
  return { words };
}

/** A child's words as a key of its parent's rows. */
function child({ rows }: Key, words: [number, number]): Key {
  return rows ? { words, rows } : { words };
}

/**
 * The child of a key for some data: a step, a row, a name. Distinct data give independent children,
 * which are also independent of what is sampled from `parent` itself.
 *
 * - A number: the cipher of its 64-bit two's complement, so `jax.random.fold_in(parent, data)` for
 *   the unsigned 32-bit integers JAX takes.
 * - A string: a chain of keys. The first is the cipher of ("text", length), a counter that no number
 *   has; each next one is the cipher of four UTF-16 code units (low half first, zeros after the end)
 *   under the last. As the length comes first no string's chain is the beginning of another's, which
 *   makes the chain as good a pseudo-random function as the cipher (Goldreich, Goldwasser and
 *   Micali, 1986). Two of m names collide with probability about m^2 / 2^65.
 *
 * @throws RandomError if `parent` is no key, or for a number that is no safe integer.
 *
 * @example
 * ```ts
 * import { fold, key, normal } from '@elbo/random';
 *
 * const noise = fold(key(7), 'noise');
 * const ofStep = [0, 1].map((step) => normal(fold(noise, step), 3));
 * console.log(ofStep[0]!.join() === ofStep[1]!.join()); // false
 * ```
 */
export function fold(parent: Key, data: number | string): Key {
  checkKey('fold', parent);
  const [k0, k1] = parent.words;
  if (typeof data === 'number') {
    const [high, low] = halves('fold', 'data', data);
    return child(parent, threefry2x32(k0, k1, high, low));
  }
  let words = threefry2x32(k0, k1, TEXT, data.length);
  // Past the end charCodeAt is NaN, which `|` takes as 0.
  const pair = (i: number): number => data.charCodeAt(i) | (data.charCodeAt(i + 1) << 16);
  for (let i = 0; i < data.length; i += 4) {
    words = threefry2x32(words[0], words[1], pair(i), pair(i + 2));
  }
  return child(parent, words);
}

/**
 * `n` independent keys from one. Child i is the cipher of the counter (0, i), so it does not depend
 * on `n`, and is `fold(parent, i)`: use one or the other. Equals `jax.random.split` under
 * `jax_threefry_partitionable`, JAX's default.
 *
 * @throws RandomError if `parent` is no key or `n` no count.
 */
export function split(parent: Key, n = 2): Key[] {
  checkKey('split', parent);
  checkCount('split', n);
  const [k0, k1] = parent.words;
  return Array.from({ length: n }, (_, i) => child(parent, threefry2x32(k0, k1, 0, i)));
}
