import { expect, test } from 'vitest';
import { classOf } from '../src/categorical.js';
import { exponential } from '../src/exponential.js';
import { below } from '../src/integers.js';
import { bernoulli, categorical, integers, key, permutation } from '../src/index.js';
import { checksum, chiSquare, counts, mean } from './statistics.js';

const N = 100_000;
const within = (frequency: number, p: number, n: number): void => {
  expect(Math.abs(frequency - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / n));
};

test.each([0, 1e-3, 0.3, 0.5, 0.999, 1])('bernoulli of %d has its frequency', (p) => {
  const draws = bernoulli(key(1), p, N);
  expect(draws.every((x) => x === 0 || x === 1)).toBe(true);
  within(mean(draws), p, N);
});

test('bernoulli of an array gives each draw its own probability', () => {
  const p = Float32Array.from({ length: N }, (_, i) => (i % 5) / 4);
  const draws = bernoulli(key(2), p, N);
  for (let each = 0; each < 5; each++) {
    within(mean(draws.filter((_, i) => i % 5 === each)), each / 4, N / 5);
  }
  const constant = new Float32Array(N).fill(0.25);
  expect(bernoulli(key(3), constant, N)).toEqual(bernoulli(key(3), 0.25, N));
});

test('a larger probability keeps every 1 of a smaller one', () => {
  const low = bernoulli(key(4), 0.4, N);
  expect(bernoulli(key(4), 0.6, N).every((x, i) => x >= low[i]!)).toBe(true);
});

test('categorical has the frequencies of the softmax', () => {
  const logits = [0, 1, -2, -Infinity, 3, -Infinity];
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const observed = counts(categorical(key(5), logits, N), logits.length);
  logits.forEach((logit, k) => {
    within(observed[k]! / N, Math.exp(logit) / total, N);
  });
  expect(observed[3]! + observed[5]!).toBe(0);
});

test('a class begins at the threshold before it, and an impossible one is nowhere', () => {
  const thresholds = Float64Array.of(0, 2 ** 31, 2 ** 31, 2 ** 32, 2 ** 32);
  const words = [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
  expect(words.map((word) => classOf(word, thresholds))).toEqual([1, 1, 3, 3]);
});

test('categorical depends on differences of logits only, however large', () => {
  const logits = [0, 1, -2, 3];
  const draws = categorical(key(6), logits, 1000);
  for (const shift of [1024, -4096, 2 ** 40]) {
    expect(
      categorical(
        key(6),
        logits.map((logit) => logit + shift),
        1000,
      ),
    ).toEqual(draws);
  }
  expect(categorical(key(6), [5], 10)).toEqual(new Int32Array(10));
  expect(categorical(key(6), [-1e300, 0], 10)).toEqual(new Int32Array(10).fill(1));
});

test('the portable exponential is right to 1e-12', () => {
  expect(exponential(0)).toBe(1);
  expect(exponential(-800)).toBe(0);
  for (let x = 0; x >= -708; x -= 0.37) {
    expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-12);
  }
});

test('an integer is the upper part of the exact 128-bit product', () => {
  const words = [0, 1, 0x7fffffff, 0x80000000, 0x9e3779b9, 0xfffffffe, 0xffffffff];
  for (const max of [1, 2, 3, 60_000, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1]) {
    for (const w0 of words) {
      for (const w1 of words) {
        const exact = (((BigInt(w0) << 32n) + BigInt(w1)) * BigInt(max)) >> 64n;
        expect(below(max, w0 | 0, w1 | 0)).toBe(Number(exact));
      }
    }
  }
});

test('integers are uniform', () => {
  // Chi-square with 9 degrees of freedom exceeds 27.9 with probability 0.001.
  expect(chiSquare(counts(integers(key(7), N, 10), 10))).toBeLessThan(27.9);
  expect(integers(key(7), 100, 1)).toEqual(new Uint32Array(100));
});

test.each([0, 1, 2, 1000, 4097])('a permutation of %d is a bijection', (n) => {
  const order = permutation(key(8), n);
  expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
});

test('all six orders of three are equally frequent', () => {
  const orders = Array.from({ length: 30_000 }, (_, seed) => permutation(key(seed), 3).join(''));
  const names = ['012', '021', '102', '120', '201', '210'];
  const observed = counts(
    orders.map((order) => names.indexOf(order)),
    6,
  );
  // Five degrees of freedom: 20.5 is exceeded with probability 0.001.
  expect(chiSquare(observed)).toBeLessThan(20.5);
});

test('the first place of a long permutation is uniform', () => {
  const firsts = Array.from({ length: 20_000 }, (_, seed) => permutation(key(seed), 20)[0]!);
  // Nineteen degrees of freedom: 43.8 is exceeded with probability 0.001.
  expect(chiSquare(counts(firsts, 20))).toBeLessThan(43.8);
});

/**
 * Portability pin: any engine, and any kernel in another language, must give these. They were
 * computed by a program (NumPy) written from the doc comments, not by this code.
 */
test('gives the same bits in every engine', () => {
  const logits = Float32Array.from({ length: 50 }, (_, k) => Math.fround(k / 7));
  expect(checksum(bernoulli(key(7), 0.3, N))).toBe('05a1b645');
  expect(checksum(categorical(key(7), logits, N))).toBe('e60697b8');
  expect(checksum(integers(key(7), N, 60_000))).toBe('7574931c');
  expect(checksum(permutation(key(7), N))).toBe('9613f6bf');
});
