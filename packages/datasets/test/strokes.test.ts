import { createHash } from 'node:crypto';
import { key } from '@elbo/random';
import { beforeAll, expect, test } from 'vitest';
import { strokes, type Rows, type StrokesDataset } from '../src/index.js';

const pixels = 784;
const numbers = (n: number, from = 0): Uint32Array =>
  Uint32Array.from({ length: n }, (_, i) => from + i);
const read = (data: StrokesDataset, rows: Uint32Array): Rows => data.read(rows, key(0)) as Rows;

let train: Rows;
let test_: Rows;
const data = strokes({ size: 6000, seed: 1 });
beforeAll(() => {
  train = read(data, numbers(6000));
  test_ = read(strokes({ size: 1000, seed: 1, split: 'test' }), numbers(1000));
});

/** The ink of an image, and its centre and spread. */
function moments(
  x: Float32Array,
  row: number,
): { mass: number; cx: number; cy: number; sxy: number; syy: number } {
  let [mass, cx, cy, sxy, syy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < pixels; i++) {
    const ink = x[row * pixels + i]!;
    mass += ink;
    cx += ink * (i % 28);
    cy += ink * Math.floor(i / 28);
  }
  cx /= mass;
  cy /= mass;
  for (let i = 0; i < pixels; i++) {
    const ink = x[row * pixels + i]!;
    sxy += (ink * ((i % 28) - cx) * (Math.floor(i / 28) - cy)) / mass;
    syy += (ink * (Math.floor(i / 28) - cy) ** 2) / mass;
  }
  return { mass, cx, cy, sxy, syy };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]): number => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  const cov = (u: readonly number[], mu: number, w: readonly number[], mw: number): number =>
    mean(u.map((x, i) => (x - mu) * (w[i]! - mw)));
  return cov(a, ma, b, mb) / Math.sqrt(cov(a, ma, a, ma) * cov(b, mb, b, mb));
}

test('the bits are what they have always been', () => {
  const digest = createHash('sha256')
    .update(train.x.slice(0, 1000 * pixels))
    .update(train.label!.slice(0, 1000));
  expect(digest.digest('hex')).toBe(
    '3073767f9c7a4625db4a971c4cd8aab3ba1d947c1d08f56171700b55e1e5b525',
  );
});

test('a row depends on seed, split and number only, kept or not', () => {
  const rows = Uint32Array.of(5, 4000, 5);
  const kept = read(data, rows);
  const large = read(strokes({ size: 60_001, seed: 1 }), rows);
  expect(large).toEqual(kept);
  expect(kept.x.slice(0, pixels)).toEqual(kept.x.slice(2 * pixels));
  for (const other of [
    strokes({ size: 6000, seed: 2 }),
    strokes({ size: 6000, seed: 1, split: 'validation' }),
  ])
    expect(read(other, rows).x).not.toEqual(kept.x);
  expect(() => read(data, Uint32Array.of(6000))).toThrow(/no row 6000/);
});

test('values are from 0 to 1, blank at the border, and every digit comes about equally often', () => {
  const counts = new Array<number>(10).fill(0);
  for (const label of train.label!) counts[label]!++;
  // Binomial standard deviation of 6000 at 1/10 is 23.2; five of them.
  for (const count of counts) expect(Math.abs(count - 600)).toBeLessThan(116);
  let edge = 0;
  train.x.forEach((value, i) => {
    if (!(value >= 0 && value <= 1)) throw new Error(`${value}`);
    const [column, line] = [i % 28, Math.floor((i % pixels) / 28)];
    if (Math.min(column, line, 27 - column, 27 - line) === 0 && value > 0) edge++;
  });
  // Digits lie within the page: fewer than one border pixel in a thousand has ink.
  expect(edge / (6000 * 108)).toBeLessThan(0.001);
});

test('the factors show in the images', () => {
  const factors = Array.from({ length: 6000 }, (_, row) => data.factors(row));
  const measured = factors.map((_, row) => moments(train.x, row));
  expect(factors.map(({ digit }) => digit)).toEqual([...train.label!]);
  const r = (
    f: (i: number) => number,
    m: (i: number) => number,
    rows: number[] = [...factors.keys()],
  ): number => correlation(rows.map(f), rows.map(m));
  expect(
    r(
      (i) => factors[i]!.thickness,
      (i) => measured[i]!.mass,
    ),
  ).toBeGreaterThan(0.7);
  expect(
    r(
      (i) => factors[i]!.shiftX,
      (i) => measured[i]!.cx,
    ),
  ).toBeGreaterThan(0.5);
  expect(
    r(
      (i) => factors[i]!.shiftY,
      (i) => measured[i]!.cy,
    ),
  ).toBeGreaterThan(0.5);
  const ones = factors.flatMap(({ digit }, i) => (digit === 1 ? [i] : []));
  // Of an upright line, slant is covariance over vertical variance.
  expect(
    r(
      (i) => factors[i]!.slant,
      (i) => -measured[i]!.sxy / measured[i]!.syy,
      ones,
    ),
  ).toBeGreaterThan(0.7);
  expect(
    r(
      (i) => factors[i]!.scale,
      (i) => measured[i]!.syy,
      ones,
    ),
  ).toBeGreaterThan(0.5);
});

test('the digits can be told apart: the nearest of ten mean images is right for most', () => {
  const means = new Float64Array(10 * pixels);
  const counts = new Float64Array(10);
  train.label!.forEach((label, row) => {
    counts[label]!++;
    for (let i = 0; i < pixels; i++) means[label * pixels + i]! += train.x[row * pixels + i]!;
  });
  means.forEach((sum, i) => (means[i] = sum / counts[Math.floor(i / pixels)]!));
  let right = 0;
  test_.label!.forEach((label, row) => {
    const distances = Array.from({ length: 10 }, (_, digit) => {
      let sum = 0;
      for (let i = 0; i < pixels; i++)
        sum += (test_.x[row * pixels + i]! - means[digit * pixels + i]!) ** 2;
      return sum;
    });
    if (distances.indexOf(Math.min(...distances)) === label) right++;
  });
  console.log(`nearest mean image: ${right / 10} % right`);
  expect(right).toBeGreaterThan(600);
});
