/** The key schedule's constant for 32-bit words, as in Skein. */
const PARITY = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011) on consecutive counters: elements 2j and 2j + 1 of `words` become the cipher of
 * (`x0`, `x1` + j) under the key (`k0`, `k1`), for the elements from `from` (even) to before `to`.
 * An odd `to` drops the last word. The rounds are written out for speed.
 */
export function cipher(
  k0: number,
  k1: number,
  x0: number,
  x1: number,
  words: Int32Array,
  from: number,
  to: number,
): void {
  const k2 = k0 ^ k1 ^ PARITY;
  const start = (x0 + k0) | 0;
  for (let i = from; i < to; i += 2) {
    let a = start;
    let b = (x1 + (i >>> 1) + k1) | 0;

    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + k1) | 0;
    b = (b + k2 + 1) | 0;

    a = (a + b) | 0;
    b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0;
    b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0;
    b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0;
    b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + k2) | 0;
    b = (b + k0 + 2) | 0;

    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;
    a = (a + k0) | 0;
    b = (b + k1 + 3) | 0;

    a = (a + b) | 0;
    b = ((b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0;
    b = ((b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0;
    b = ((b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0;
    b = ((b << 24) | (b >>> 8)) ^ a;
    a = (a + k1) | 0;
    b = (b + k2 + 4) | 0;

    a = (a + b) | 0;
    b = ((b << 13) | (b >>> 19)) ^ a;
    a = (a + b) | 0;
    b = ((b << 15) | (b >>> 17)) ^ a;
    a = (a + b) | 0;
    b = ((b << 26) | (b >>> 6)) ^ a;
    a = (a + b) | 0;
    b = ((b << 6) | (b >>> 26)) ^ a;

    words[i] = (a + k2) | 0;
    if (i + 1 < to) words[i + 1] = (b + k0 + 5) | 0;
  }
}

const block = new Int32Array(2);

/**
 * The Threefry-2x32-20 block cipher: the counter (`x0`, `x1`) under the key (`k0`, `k1`), as two
 * unsigned 32-bit words. Arguments are taken modulo 2^32. It is the one source of randomness here,
 * exported so that other implementations can be compared with it.
 *
 * Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function threefry2x32(k0: number, k1: number, x0: number, x1: number): [number, number] {
  cipher(k0, k1, x0, x1, block, 0, 2);
  return [block[0]! >>> 0, block[1]! >>> 0];
}
