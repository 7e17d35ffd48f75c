import { expect, test } from 'vitest';
import { bits, key, uniform } from '../src/index.js';
import { checksum, kolmogorov, mean } from './statistics.js';

const N = 100_000;

test('is the upper 24 bits of the word, as an exact fraction', () => {
  const words = bits(key(1), 1001);
  expect(uniform(key(1), 1001)).toEqual(Float32Array.from(words, (word) => (word >>> 8) / 2 ** 24));
});

test('stays in [0, 1) and has the moments of the uniform distribution', () => {
  const draws = uniform(key(2), N);
  expect(draws.every((x) => x >= 0 && x < 1)).toBe(true);
  for (let power = 1; power <= 6; power++) {
    const error = Math.sqrt((1 / (2 * power + 1) - 1 / (power + 1) ** 2) / N);
    expect(Math.abs(mean(draws, (x) => x ** power) - 1 / (power + 1))).toBeLessThan(4 * error);
  }
});

test('passes Kolmogorov and Smirnov for many keys', () => {
  for (let seed = 0; seed < 20; seed++) {
    expect(kolmogorov(uniform(key(seed), 10_000), (x) => x)).toBeLessThan(2.2);
  }
});

test('neighbours are uncorrelated, in a block and across blocks', () => {
  const draws = uniform(key(3), N);
  for (const lag of [1, 2, 3]) {
    let sum = 0;
    for (let i = lag; i < N; i++) sum += (draws[i]! - 0.5) * (draws[i - lag]! - 0.5);
    expect(Math.abs((12 * sum) / Math.sqrt(N - lag))).toBeLessThan(4);
  }
});

/**
 * Portability pin: any engine, and any kernel in another language, must give these. They were
 * computed by a float32 array program (NumPy) written from the doc comments, not by this code.
 */
test('gives the same bits in every engine', () => {
  expect(Array.from(bits(key(7), 4))).toEqual([1261026526, 2722527904, 556028357, 3996629629]);
  expect(checksum(bits(key(7), N))).toBe('1bae0a1d');
  expect(checksum(uniform(key(7), N))).toBe('f1b15a14');
});
