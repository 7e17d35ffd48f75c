import { describe, expect, test } from 'vitest';
import { type Key, RandomError, bits, fold, key, normal, split } from '../src/index.js';

/**
 * From jax 0.10.2: `PRNGKey(seed)`, `split(PRNGKey(seed), 3)` with `jax_threefry_partitionable`
 * (the default) and `fold_in(PRNGKey(seed), 7)`; the last four seeds with `jax_enable_x64`.
 */
const JAX = [
  {
    seed: 0,
    words: [0, 0],
    split: [1797259609, 2579123966, 928981903, 3453687069, 4146024105, 2718843009],
    fold: [2716826189, 292468403],
  },
  {
    seed: 42,
    words: [0, 42],
    split: [1832780943, 270669613, 64467757, 2916123636, 2465931498, 255383827],
    fold: [2547012911, 1371500959],
  },
  {
    seed: 2 ** 32 - 1,
    words: [0, 4294967295],
    split: [2973345818, 897673333, 3461607691, 1112781462, 3122495753, 3444035234],
    fold: [614485078, 1000807227],
  },
  {
    seed: -1,
    words: [4294967295, 4294967295],
    split: [1094285764, 1314454335, 1355514454, 2365093262, 399813750, 1719144391],
    fold: [921105589, 916768269],
  },
  {
    seed: 2 ** 40 + 5,
    words: [256, 5],
    split: [841998169, 2557459351, 316930262, 1451589314, 2588430962, 3246284531],
    fold: [2221101598, 2147882565],
  },
  {
    seed: Number.MIN_SAFE_INTEGER,
    words: [4292870144, 1],
    split: [1574227589, 759670667, 1796638655, 198888995, 1200244916, 313477688],
    fold: [2658284964, 2116353331],
  },
  {
    seed: Number.MAX_SAFE_INTEGER,
    words: [2097151, 4294967295],
    split: [2136668312, 1739770283, 4094523301, 386975989, 1937065455, 1937795871],
    fold: [405216290, 1202075774],
  },
];

const distinct = (keys: readonly Key[]): number =>
  new Set(keys.map((each) => each.words.join())).size;

describe.each(JAX)('seed $seed', (jax) => {
  test('gives the key, children and folded key of JAX', () => {
    expect(key(jax.seed).words).toEqual(jax.words);
    expect(split(key(jax.seed), 3).flatMap((child) => child.words)).toEqual(jax.split);
    expect(fold(key(jax.seed), 7).words).toEqual(jax.fold);
  });
});

test('the largest number JAX folds in, and a negative zero seed', () => {
  expect(fold(key(42), 2 ** 32 - 1).words).toEqual([2398536845, 3890976714]);
  expect(key(-0)).toEqual(key(0));
});

test('child i does not depend on the number of children, and is the key folded with i', () => {
  const children = split(key(3), 50);
  expect(split(key(3), 20)).toEqual(children.slice(0, 20));
  children.forEach((child, i) => {
    expect(fold(key(3), i)).toEqual(child);
  });
  expect(split(key(3))).toHaveLength(2);
  expect(split(key(3), 0)).toEqual([]);
});

test('numbers, names and their likes give distinct keys, the same each time', () => {
  const data = [
    ...Array.from({ length: 1000 }, (_, i) => i - 500),
    ...Array.from({ length: 1000 }, (_, i) => `layer_${i}`),
    ...['', '\0', '\0\0', 'z', 'zPrior', 'priorZ', 'abcd', 'abcde', 'abcd\0', 'dcba', 'text', '0'],
    ...['é', 'e\u0301', '\ud800', '\udc00', '\u{10000}', 'ab', 'a\u6200', '\u6100b'],
  ];
  const keys = data.map((each) => fold(key(1), each));
  expect(distinct([key(1), ...keys])).toBe(data.length + 1);
  expect(data.map((each) => fold(key(1), each))).toEqual(keys);
  expect(distinct(data.map((_, i) => fold(fold(key(1), 'a'), i)))).toBe(data.length);
});

test('a name folds by the documented chain, computed apart from this code', () => {
  expect(fold(key(7), 'posterior').words).toEqual([2475198028, 1486408152]);
});

test('no sample of a key is one of its children', () => {
  const words = bits(key(11), 20_000);
  const sampled = new Set(
    Array.from({ length: 10_000 }, (_, j) => `${words[2 * j]!},${words[2 * j + 1]!}`),
  );
  expect(split(key(11), 10_000).some((child) => sampled.has(child.words.join()))).toBe(false);
});

test('siblings draw uncorrelated noise', () => {
  const n = 1000;
  const draws = split(key(2), 30).map((child) => normal(child, n));
  draws.slice(1).forEach((x, i) => {
    const dot = x.reduce((sum, value, j) => sum + value * draws[i]![j]!, 0);
    expect(Math.abs(dot / Math.sqrt(n))).toBeLessThan(4.5);
  });
});

test('a key survives JSON', () => {
  const stored = JSON.parse(JSON.stringify(fold(key(9), 'encoder'))) as Key;
  expect(bits(stored, 5)).toEqual(bits(fold(key(9), 'encoder'), 5));
});

test.each([Number.NaN, 0.5, 2 ** 53, Infinity])('%d is neither seed nor data', (value) => {
  expect(() => key(value)).toThrow(RandomError);
  expect(() => key(value)).toThrow(`key: seed is ${value}; give a whole number`);
  expect(() => fold(key(0), value)).toThrow(`fold: data is ${value}; give a whole number`);
});

test('a number of children that is no count, and a parent that is no key, are refused', () => {
  expect(() => split(key(0), -1)).toThrow('split: n is -1; give a whole number from 0');
  for (const parent of [7, null, {}, { words: [1] }, { words: [1, -1] }, { words: [1, 0.5] }]) {
    expect(() => split(parent as Key)).toThrow('split: the first argument is not a key');
    expect(() => fold(parent as Key, 1)).toThrow('fold: the first argument is not a key');
  }
});
