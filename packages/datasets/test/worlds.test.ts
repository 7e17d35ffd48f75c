import { key } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import { conditionShape, fourPixels, linearGaussian, ring, type Rows } from '../src/index.js';

const rowsOf = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, i) => i);

it('the four pixels are the corners of a simplex, each its own class', () => {
  const data = fourPixels();
  const { x, label } = data.read(rowsOf(4), key(0)) as Rows;
  expect(data).toMatchObject({ shape: [2, 2, 1], size: 4, classes: 4, binary: true });
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) expect(x[4 * i + j]).toBe(i === j ? 1 : 0);
  expect([...label!]).toEqual([0, 1, 2, 3]);
});

it('a ring has as many modes as it should, at equal angles and one radius', () => {
  const { modes, classes } = ring({ modes: 5, radius: 3, size: 10 });
  expect(classes).toBe(5);
  expect(modes).toHaveLength(10);
  for (let i = 0; i < 5; i++) {
    const [x, y] = [modes[2 * i]!, modes[2 * i + 1]!];
    expect(Math.hypot(x, y)).toBeCloseTo(3, 5);
    expect(Math.cos((2 * Math.PI * i) / 5)).toBeCloseTo(x / 3, 5);
    expect(Math.sin((2 * Math.PI * i) / 5)).toBeCloseTo(y / 3, 5);
  }
});

it('the linear-Gaussian rows have the covariance WWᵀ + σ²I', () => {
  const W = [
    [1, 0.2],
    [0.5, 1],
    [-0.6, 0.4],
    [0.3, -0.8],
  ];
  const size = 20_000;
  const data = linearGaussian({ size, seed: 3 });
  const { x } = data.read(rowsOf(size), key(0)) as Rows;
  for (let i = 0; i < 4; i++)
    for (let j = 0; j <= i; j++) {
      const wanted = W[i]![0]! * W[j]![0]! + W[i]![1]! * W[j]![1]! + (i === j ? 0.25 : 0);
      let [sum, squares] = [0, 0];
      for (let row = 0; row < size; row++) {
        const product = x[4 * row + i]! * x[4 * row + j]!;
        sum += product;
        squares += product * product;
      }
      const mean = sum / size;
      const error = Math.sqrt((squares / size - mean * mean) / size);
      expect(Math.abs(mean - wanted)).toBeLessThan(4.5 * error);
    }
});

describe('a condition', () => {
  it('is a vector of as many numbers as there are, or none', () => {
    expect(conditionShape({})).toBeUndefined();
    expect(conditionShape({ conditions: 3 })).toEqual([3]);
  });
});
