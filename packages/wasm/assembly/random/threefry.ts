// The random stream of a key, bit by bit that of @elbo/random: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and
// Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Block j is the cipher of the counter ("bits", j); words
// 2j and 2j + 1 of the stream are its two.

/** The first counter word of every block that is sampled from: "bits". */
const stream: i32 = 0x62697473;

/** The key schedule's constant for 32-bit words. */
const parity: i32 = 0x1bd11bda;

/** Four words, each turned left; the compiler writes 16 and 24 as moves of bytes. */
class Turn {
  @inline static left(x: v128, by: i32): v128 {
    return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
  }
  @inline static left16(x: v128): v128 {
    return v128.shuffle<i16>(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
  }
  @inline static left24(x: v128): v128 {
    return v128.shuffle<i8>(x, x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
  }
}

/**
 * Writes `n` draws of a key to `to`, from the `first` on, a multiple of eight, as F makes them: a class whose method `write`
 * takes an address and four blocks, their first words and their second words, and writes eight draws. `scratch` is room for
 * eight, for the last may be fewer.
 */
export function draw<F>(k0: i32, k1: i32, to: usize, n: usize, scratch: usize, first: usize): void {
  const f = changetype<F>(<usize>0);
  const k2 = k0 ^ k1 ^ parity;
  const start = i32x4.splat(stream + k0);
  let counter = i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(k1 + <i32>(first >> 1)));
  for (let i: usize = 0; i < n; i += 8) {
    let a = start;
    let b = counter;

    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 13), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 15), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 26), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 6), a);
    a = i32x4.add(a, i32x4.splat(k1));
    b = i32x4.add(b, i32x4.splat(k2 + 1));

    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 17), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 29), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left16(b), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left24(b), a);
    a = i32x4.add(a, i32x4.splat(k2));
    b = i32x4.add(b, i32x4.splat(k0 + 2));

    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 13), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 15), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 26), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 6), a);
    a = i32x4.add(a, i32x4.splat(k0));
    b = i32x4.add(b, i32x4.splat(k1 + 3));

    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 17), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 29), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left16(b), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left24(b), a);
    a = i32x4.add(a, i32x4.splat(k1));
    b = i32x4.add(b, i32x4.splat(k2 + 4));

    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 13), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 15), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 26), a);
    a = i32x4.add(a, b);
    b = v128.xor(Turn.left(b, 6), a);
    a = i32x4.add(a, i32x4.splat(k2));
    b = i32x4.add(b, i32x4.splat(k0 + 5));

    f.write(i + 8 <= n ? to + (i << 2) : scratch, a, b);
    counter = i32x4.add(counter, i32x4.splat(4));
  }
  const rest = n & 7;
  memory.copy(to + ((n - rest) << 2), scratch, rest << 2);
}

/** Writes four pairs one after the other. */
export function writePairs(to: usize, first: v128, second: v128): void {
  v128.store(to, v128.shuffle<i32>(first, second, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<i32>(first, second, 2, 6, 3, 7), 16);
}
