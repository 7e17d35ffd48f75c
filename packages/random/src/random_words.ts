import { RandomError } from './error.js';
import type { Key } from './stream.js';
import { cipher, threefry2x32 } from './threefry.js';

/**
 * First counter word of every block that is sampled from ("bits"). No safe integer has it as its
 * high word, so that no sample of a key repeats its children (`fold`, `split`).
 */
const BITS = 0x62697473;

/**
 * Words that one call of the cipher makes (even). If its first call were a long one, V8 would compile
 * it in the middle of the loop, before it has feedback on how the function begins, and in about half
 * of all processes would keep that version for good, at 8.6 ns a word instead of 5.
 */
const RANGE = 128;

/**
 * The number of the first of `n` draws in the key's stream: 0, or where its rows begin.
 *
 * @throws RandomError unless each row has as many draws.
 */
export function firstDraw({ rows }: Key, n: number): number {
  if (!rows) return 0;
  if (n % rows.count !== 0) {
    throw new RandomError(
      `${n} draws do not divide among the ${rows.count} rows of the key; draw for all of them, or with ofBatch(key).`,
    );
  }
  return (n / rows.count) * rows.first;
}

/**
 * Fills `words` with the key's stream from word `first` on. The layout, for all samplers and for
 * other implementations: block j is the cipher of the counter (BITS, j) under the key; word i of the
 * stream is word i mod 2 of block floor(i / 2). It depends on nothing but the key and i, so blocks
 * may be made in any order.
 */
export function fill(
  key: Key,
  words: Int32Array,
  first: number = firstDraw(key, words.length),
): void {
  const [k0, k1] = key.words;
  if (first % 2 === 1 && words.length > 0) {
    words[0] = threefry2x32(k0, k1, BITS, first >>> 1)[1];
    fill(key, words.subarray(1), first + 1);
    return;
  }
  const n = words.length;
  for (let from = 0; from < n; from += RANGE) {
    cipher(k0, k1, BITS, first / 2, words, from, Math.min(from + RANGE, n));
  }
}

/** The memory of a result as words, for a sampler that turns words into values in place. */
export function wordsOf(values: Float32Array | Int32Array | Uint32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

const chunk = new Int32Array(2048);

/** Visits n blocks of the key's stream, for a sampler that uses a whole block a draw. */
export function eachBlock(
  key: Key,
  n: number,
  visit: (i: number, w0: number, w1: number) => void,
): void {
  const perChunk = chunk.length / 2;
  const start = firstDraw(key, n);
  for (let first = 0; first < n; first += perChunk) {
    fill(key, chunk, 2 * (start + first));
    const blocks = Math.min(perChunk, n - first);
    for (let j = 0; j < blocks; j++) visit(first + j, chunk[2 * j]!, chunk[2 * j + 1]!);
  }
}
