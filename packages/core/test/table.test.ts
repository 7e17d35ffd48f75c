import { gradientsOf } from '@elbo/gradients';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import {
  ConfigError,
  table,
  tableLayout,
  type Distribution,
  type TableColumn,
} from '../src/index.js';
import { expectClose, expectMean, noise, read } from './support.js';

beforeAll(useWasm);

const columns: readonly TableColumn[] = [
  { type: 'number', missing: true },
  { type: 'number' },
  { type: 'count', missing: true },
  { type: 'category', size: 3, missing: true },
  { type: 'category', size: 2 },
];
const [locations, logScales] = [
  [0.3, -1.2, 2.1],
  [-0.4, 0.2, 0.1],
];
const logits = [0.1, -0.7, 1.3, 0.4, -0.4];

const of = (values: readonly number[], rows = 1): tf.Tensor2D =>
  tf.tensor2d(Array.from({ length: rows }, () => values).flat(), [rows, values.length]);

/** The same distributions for each of some rows. */
const dist = (rows = 1): Distribution =>
  table(columns, {
    locations: of(locations, rows),
    logScales: of(logScales, rows),
    logits: of(logits, rows),
  });

const varianceOf = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
};
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

// In float64, by the definitions.
const logNormal = (x: number, i: number): number =>
  -0.5 * ((x - locations[i]!) / Math.exp(logScales[i]!)) ** 2 -
  logScales[i]! -
  0.5 * Math.log(2 * Math.PI);
const logCount = (k: number): number => {
  const upTo = (t: number): number => sigmoid((t - locations[2]!) / Math.exp(logScales[2]!));
  return Math.log(upTo(k + 0.5) - (k === 0 ? 0 : upTo(k - 0.5)));
};
const logCategory = (value: number, begin: number, size: number): number => {
  const own = logits.slice(begin, begin + size);
  return own[value]! - Math.log(own.reduce((sum, one) => sum + Math.exp(one), 0));
};

test('a row is numbers, counts, one-hot categories, and a bit for each column that may be missing', () => {
  expect(tableLayout(columns)).toEqual({
    width: 11,
    numbers: 2,
    counts: 1,
    categories: [
      { begin: 3, size: 3 },
      { begin: 6, size: 2 },
    ],
    seen: [0, 2, 3],
  });
});

test.each([
  [[]],
  [[{ type: 'count' }, { type: 'number' }]],
  [[{ type: 'category', size: 2 }, { type: 'number' }]],
] as const)('%j are no columns of a row', (wrong) => {
  expect(() => tableLayout(wrong)).toThrow(ConfigError);
});

describe('log p of a row', () => {
  it('is the sum of those of its columns', () => {
    const x = of([0.9, -2, 4, 0, 1, 0, 1, 0, 1, 1, 1]);
    const expected =
      logNormal(0.9, 0) +
      logNormal(-2, 1) +
      logCount(4) +
      logCategory(1, 0, 3) +
      logCategory(0, 3, 2);
    expectClose(read(dist().logProb(x)), [expected]);
  });

  it('is that of what is seen, whatever stands in the places of what is not', () => {
    const expected = logNormal(-2, 1) + logCategory(0, 3, 2);
    const rows = [
      [0, -2, 0, 0, 0, 0, 1, 0, 0, 0, 0],
      [9, -2, 7, 0, 0, 1, 1, 0, 0, 0, 0],
    ];
    expectClose(read(dist(2).logProb(tf.tensor2d(rows))), [expected, expected]);
    expectClose(read(dist().logProb(of([0.9, -2, 0, 0, 0, 0, 1, 0, 1, 0, 0]))), [
      logNormal(0.9, 0) + expected,
    ]);
  });

  it('is repeated for more draws than there are distributions, sample-major', () => {
    const row = [0.9, -2, 4, 0, 1, 0, 1, 0, 1, 1, 1];
    const p = dist(2);
    const [one] = read(dist().logProb(of(row)));
    expectClose(read(p.logProb(of(row, 6))), Array(6).fill(one) as number[]);
  });

  it('has no gradient by what is missing', () => {
    const x = of([0, -2, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    const parameters = { locations: of(locations), logScales: of(logScales), logits: of(logits) };
    const { p } = gradientsOf(
      () => ({ p: tf.sum<tf.Scalar>(table(columns, parameters).logProb(x)) }),
      { p: parameters },
    );
    const gradients = p.gradients as unknown as typeof parameters;
    expect(read(gradients.locations).map((value) => value !== 0)).toEqual([false, true, false]);
    expect(read(gradients.logits).map((value) => value !== 0)).toEqual([
      ...[false, false, false],
      ...[true, true],
    ]);
  });
});

it.each([
  [0, 1],
  [-3.5, 0.125],
])('of counts from %f in steps of %f the masses add up to 1', (zero, width) => {
  const rows = 400;
  const one = (value: number): tf.Tensor2D => of([value], rows);
  const p = table([{ type: 'count', zero, width }], {
    locations: one(zero + 3.2 * width),
    logScales: one(Math.log(2.5 * width)),
    logits: tf.zeros([rows, 0]),
  });
  const x = tf.tensor2d(
    Array.from({ length: rows }, (_, k) => zero + k * width),
    [rows, 1],
  );
  const total = read(p.logProb(x)).reduce((sum, log) => sum + Math.exp(log) * width, 0);
  expect(Math.abs(total - 1)).toBeLessThan(1e-5);
});

test('a scale far below a count has a finite log p, with the mass on the nearest', () => {
  const p = table([{ type: 'count' }], {
    locations: of([3]),
    logScales: of([-30]),
    logits: tf.zeros([1, 0]),
  });
  const [at, beside] = read(p.logProb(tf.tensor2d([3, 4], [2, 1])));
  expect(at).toBeGreaterThan(-0.1);
  expect(beside).toBeLessThan(-2);
  expect(Number.isFinite(beside!)).toBe(true);
});

describe('draws', () => {
  const rows = 4000;
  const drawn = (): number[][] =>
    tf.tidy(() => dist(rows).sample(key(3)).arraySync() as number[][]);

  it('are rows that see everything: whole counts from 0 on, one-hot categories', () => {
    for (const row of drawn().slice(0, 200)) {
      expect(row.slice(8)).toEqual([1, 1, 1]);
      expect(Number.isInteger(row[2]) && row[2]! >= 0).toBe(true);
      for (const own of [row.slice(3, 6), row.slice(6, 8)])
        expect([...own].sort()).toEqual([...Array<number>(own.length - 1).fill(0), 1]);
    }
  });

  it('have the means that are said; of a count within half a count of the exact one', () => {
    const found = drawn();
    const mean = read(dist().mean());
    for (const place of [0, 1, 3, 4, 5, 6, 7])
      expectMean(
        found.map((row) => row[place]!),
        mean[place]!,
      );
    const exact = Array.from({ length: 200 }, (_, k) => k * Math.exp(logCount(k))).reduce(
      (a, b) => a + (Number.isFinite(b) ? b : 0),
      0,
    );
    expectMean(
      found.map((row) => row[2]!),
      exact,
    );
    expect(Math.abs(mean[2]! - exact)).toBeLessThan(0.5);
    expect(mean.slice(8)).toEqual([1, 1, 1]);
  });

  it('have the spread of a normal, and of a logistic that is rounded', () => {
    const found = drawn();
    for (const place of [0, 1]) {
      const values = found.map((row) => row[place]!);
      const variance = varianceOf(values);
      const truth = Math.exp(2 * logScales[place]!);
      // The variance of a variance of n normals is 2 σ⁴/n.
      expect(Math.abs(variance - truth)).toBeLessThan(4 * truth * Math.sqrt(2 / rows));
    }
    const masses = Array.from({ length: 200 }, (_, k) => Math.exp(logCount(k)) || 0);
    const mean = masses.reduce((sum, p, k) => sum + k * p, 0);
    const moment = (power: number): number =>
      masses.reduce((sum, p, k) => sum + (k - mean) ** power * p, 0);
    const counts = found.map((row) => row[2]!);
    const error = Math.sqrt((moment(4) - moment(2) ** 2) / rows);
    expect(Math.abs(varianceOf(counts) - moment(2))).toBeLessThan(4 * error);
  });

  it('of two samples are of the same distributions, with noise of their own', () => {
    const two = dist(2).sample(key(4), 3);
    expect(two.shape).toEqual([6, 11]);
    const numbers = read(tf.slice(two, [0, 0], [6, 1]));
    expect(new Set(numbers).size).toBe(6);
  });
});

test('one column of each kind is as one of several', () => {
  const single: readonly TableColumn[] = [
    { type: 'number', missing: true },
    { type: 'count' },
    { type: 'category', size: 3 },
  ];
  const p = table(single, {
    locations: of([locations[0]!, locations[2]!]),
    logScales: of([logScales[0]!, logScales[2]!]),
    logits: of(logits.slice(0, 3)),
  });
  const others = logCount(4) + logCategory(1, 0, 3);
  expectClose(read(p.logProb(of([0.9, 4, 0, 1, 0, 1]))), [logNormal(0.9, 0) + others]);
  expectClose(read(p.logProb(of([0.9, 4, 0, 1, 0, 0]))), [others]);
  expect(p.sample(key(1)).shape).toEqual([1, 6]);
  const mean = read(p.mean());
  expect(mean[0]).toBeCloseTo(locations[0]!, 6);
  expect(mean.at(-1)).toBe(1);
  for (const one of single) {
    const [scaled, size] = one.type === 'category' ? [0, one.size] : [1, 0];
    const alone = table([one], {
      locations: tf.zeros([2, scaled]),
      logScales: tf.zeros([2, scaled]),
      logits: tf.zeros([2, size]),
    });
    const width = Math.max(1, size) + (one.missing === true ? 1 : 0);
    for (const made of [alone.mean(), alone.sample(key(1))]) expect(made.shape).toEqual([2, width]);
    expect(alone.logProb(tf.ones([2, width])).shape).toEqual([2]);
  }
});

test('where nothing can be missing, a row has no bits', () => {
  const p = table([{ type: 'category', size: 2 }], {
    locations: tf.zeros([3, 0]),
    logScales: tf.zeros([3, 0]),
    logits: noise<tf.Rank.R2>(1, [3, 2]),
  });
  expect(p.mean().shape).toEqual([3, 2]);
  expect(p.sample(key(1)).shape).toEqual([3, 2]);
});
