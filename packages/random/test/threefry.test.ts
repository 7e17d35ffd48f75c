import { expect, test } from 'vitest';
import { bits, key, threefry2x32 } from '../src/index.js';

/** Random123 1.14, tests/kat_vectors, lines "threefry2x32 20": counter, key, result. */
test.each([
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
])('is Random123 on counter %i, %i', (x0, x1, k0, k1, y0, y1) => {
  expect(threefry2x32(k0, k1, x0, x1)).toEqual([y0, y1]);
});

test('word i of a stream is word i mod 2 of the block of the documented counter', () => {
  const stream = bits(key(5), 999);
  for (let i = 0; i < stream.length; i++) {
    expect(stream[i]).toBe(threefry2x32(0, 5, 0x62697473, i >> 1)[i % 2]);
  }
});

test('one bit of key or counter flips half of the 64 bits of a block', () => {
  const ones = (x: number): number => x.toString(2).replaceAll('0', '').length;
  let flips = 0;
  const from = threefry2x32(1, 2, 3, 4);
  for (let bit = 0; bit < 128; bit++) {
    const input = [1, 2, 3, 4].map((word, i) => (i === bit >> 5 ? word ^ (1 << (bit & 31)) : word));
    const to = threefry2x32(input[0]!, input[1]!, input[2]!, input[3]!);
    flips += ones((from[0] ^ to[0]) >>> 0) + ones((from[1] ^ to[1]) >>> 0);
  }
  // Binomial(128 · 64, 1/2): 4 standard deviations.
  expect(Math.abs(flips - 4096)).toBeLessThan(4 * Math.sqrt(8192 / 4));
});
