import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bernoulli,
  bits,
  categorical,
  fold,
  integers,
  key,
  normal,
  ofBatch,
  ofRows,
  permutation,
  RandomError,
  split,
  uniform,
  type Key,
} from '../src/index.js';

const samplers: Readonly<Record<string, (key: Key, n: number) => ArrayLike<number>>> = {
  bits,
  uniform,
  normal,
  bernoulli: (key, n) => bernoulli(key, 0.3, n),
  categorical: (key, n) => categorical(key, [0, 1, -1], n),
  integers: (key, n) => integers(key, n, 1000),
};

test.each(Object.entries(samplers))(
  '%s: the parts of a minibatch draw what the whole draws, however it is split',
  (_, draw) => {
    const parts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 300 }), (counts, width) => {
        const of = counts.reduce((a, b) => a + b);
        const whole = key(5);
        let first = 0;
        const drawn = counts.flatMap((count) => {
          const part = ofRows(whole, { first, count, of });
          first += count;
          return [...Array.from(draw(fold(part, 'z'), count * width))];
        });
        expect(drawn).toEqual(Array.from(draw(fold(whole, 'z'), of * width)));
      }),
      { numRuns: 40, seed: 1 },
    );
  },
);

test('children are keys of the same rows, and have the words of children of the whole', () => {
  const rows = { first: 2, count: 3, of: 7 };
  const part = ofRows(key(1), rows);
  for (const [mine, whole] of [
    [fold(part, 4), fold(key(1), 4)],
    [fold(part, 'name'), fold(key(1), 'name')],
    [split(part)[1]!, split(key(1))[1]!],
  ] as const) {
    expect(mine).toEqual({ ...whole, rows });
    expect(ofBatch(mine)).toEqual(whole);
  }
});

test('what all rows share, and what mixes them, is drawn as by the whole', () => {
  const part = ofRows(key(1), { first: 2, count: 3, of: 7 });
  expect(normal(ofBatch(part), 5)).toEqual(normal(key(1), 5));
  expect(permutation(part, 5)).toEqual(permutation(key(1), 5));
});

test('rows that are no part of a minibatch are refused, and draws that do not divide among them', () => {
  for (const rows of [
    { first: 3, count: 5, of: 7 },
    { first: -1, count: 2, of: 7 },
    { first: 0, count: 0, of: 7 },
    { first: 0.5, count: 1, of: 7 },
  ])
    expect(() => ofRows(key(1), rows)).toThrow(RandomError);
  const part = ofRows(key(1), { first: 2, count: 3, of: 7 });
  expect(() => normal(part, 5)).toThrow(/5 draws do not divide among the 3 rows/);
});
