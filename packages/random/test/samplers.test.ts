import { describe, expect, test } from 'vitest';
import {
  type Key,
  RandomError,
  bernoulli,
  bits,
  categorical,
  integers,
  key,
  normal,
  permutation,
  uniform,
} from '../src/index.js';

const floats = (n: number): Float32Array => new Float32Array(n);
const words = (n: number): Uint32Array => new Uint32Array(n);

const samplers = [
  { name: 'bits', draw: bits, array: words },
  { name: 'uniform', draw: uniform, array: floats },
  { name: 'normal', draw: normal, array: floats },
  {
    name: 'bernoulli',
    draw: (k: Key, n: number, out?: Float32Array) => bernoulli(k, 0.5, n, out),
    array: floats,
  },
  {
    name: 'categorical',
    draw: (k: Key, n: number, out?: Int32Array) => categorical(k, [1, 2, 3], n, out),
    array: (n: number) => new Int32Array(n),
  },
  {
    name: 'integers',
    draw: (k: Key, n: number, out?: Uint32Array) => integers(k, n, 1000, out),
    array: words,
  },
  { name: 'permutation', draw: permutation, array: words },
] as {
  name: string;
  draw: (k: Key, n: number, out?: Float32Array | Int32Array | Uint32Array) => ArrayLike<number>;
  array: (n: number) => Float32Array | Int32Array | Uint32Array;
}[];

describe.each(samplers)('$name', ({ name, draw, array }) => {
  test('is a function of key and n', () => {
    expect(draw(key(1), 3001)).toEqual(draw(key(1), 3001));
    expect(draw(key(1), 3001)).not.toEqual(draw(key(2), 3001));
    expect(draw(key(1), 0)).toHaveLength(0);
  });

  test.each([10, 11])('fills and returns `out`, and nothing around it, for n = %i', (n) => {
    const around = array(n + 4).fill(9);
    const out = around.subarray(2, n + 2);
    expect(draw(key(4), n, out)).toBe(out);
    expect(out).toEqual(draw(key(4), n));
    expect([around[0], around[1], around[n + 2], around[n + 3]]).toEqual([9, 9, 9, 9]);
  });

  test('refuses what is no key, no count, or of another length', () => {
    expect(() => draw(7 as unknown as Key, 3)).toThrow(`${name}: the first argument is not a key`);
    for (const n of [-1, 1.5, Number.NaN, 2 ** 31]) {
      expect(() => draw(key(1), n)).toThrow(`${name}: n is ${n}; give a whole number from 0`);
    }
    expect(() => draw(key(1), 3, array(4))).toThrow(`${name}: out has 4 elements for 3 draws`);
    expect(() => draw(key(1), -1)).toThrow(RandomError);
    expect(() => draw(key(1), -1)).toThrow(RangeError);
  });
});

test.each(samplers.filter(({ name }) => name !== 'permutation'))(
  'a longer draw of $name begins with a shorter one',
  ({ draw }) => {
    const long = Array.from(draw(key(3), 5001));
    for (const n of [1, 2, 7, 1024, 2049, 5000]) {
      expect(Array.from(draw(key(3), n))).toEqual(long.slice(0, n));
    }
  },
);

test('bernoulli refuses what is no probability, and to overwrite its probabilities', () => {
  for (const p of [-0.1, 1.1, Number.NaN]) {
    const message = `bernoulli: a probability is ${p}; give numbers from 0 to 1`;
    expect(() => bernoulli(key(1), p, 2)).toThrow(message);
    expect(() => bernoulli(key(1), [0.5, p], 2)).toThrow(message);
  }
  expect(() => bernoulli(key(1), [0.5], 2)).toThrow('probability has 1 elements for 2 draws');
  const p = new Float32Array(2);
  expect(() => bernoulli(key(1), p, 2, p)).toThrow('out is the array of probabilities');
});

test('categorical refuses logits that are no distribution', () => {
  expect(() => categorical(key(1), [0, Number.NaN], 2)).toThrow('categorical: logit 1 is NaN');
  expect(() => categorical(key(1), [0, Infinity], 2)).toThrow('categorical: logit 1 is Infinity');
  expect(() => categorical(key(1), [-Infinity], 2)).toThrow('no class is possible');
  expect(() => categorical(key(1), [], 2)).toThrow('no class is possible');
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 32])('integers refuses max = %d', (max) => {
  expect(() => integers(key(1), 2, max)).toThrow(`integers: max is ${max}; give a whole number`);
});
