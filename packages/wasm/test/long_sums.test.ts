// Sums of many equal terms, which float32 numbers that are added one after the other get visibly wrong: from 2⁹ terms on
// by more than 10⁻⁵ of the sum, of 2²⁵ terms of 0.1 by 38 %.
import { inputGradient } from '@elbo/gradients';
import {
  bceWithLogits,
  dense,
  gaussianKl,
  layerNorm,
  logSumExp,
  normalLogProb,
  squaredNorm,
  standardNormalLogProb,
} from '@elbo/ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);

const kept = new Set<tf.Tensor>();
afterEach(() => {
  tf.dispose([...kept]);
  kept.clear();
});

/** 0.1 as float32 has it. */
const term = Math.fround(0.1);

/** A tensor full of 0.1, or of another number, until the test ends. */
function full<R extends tf.Rank>(shape: tf.ShapeMap[R], value = term): tf.Tensor<R> {
  const tensor = tf.fill(shape, value);
  kept.add(tensor);
  return tensor;
}

/** The largest relative error of numbers that should all be `exact`, or those that `exact` lists. */
async function error(result: tf.Tensor, exact: number | ((i: number) => number)): Promise<number> {
  const numbers = await result.data<'float32'>();
  result.dispose();
  expect(numbers.length).toBeGreaterThan(0);
  return numbers.reduce((most, number, i) => {
    const right = typeof exact === 'number' ? exact : exact(i);
    const off = right === 0 ? Math.abs(number) : Math.abs(number / right - 1);
    return Number.isNaN(off) ? NaN : Math.max(most, off);
  }, 0);
}

const digits = 1e-5;

const layouts = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

it.each([
  [1, 2 ** 25, 1],
  [1, 2 ** 20 + 5, 3],
  [1, 2 ** 18 + 1, 38],
  [3, 2 ** 20 + 5, 1],
  [2, 2 ** 20 - 1, 2],
  [20, 2 ** 19 + 3, 9],
])('a product of %i rows, depth %i and %i columns', async (m, depth, n) => {
  for (const [ta, tb] of layouts) {
    const a = full<tf.Rank.R2>(ta ? [depth, m] : [m, depth]);
    const b = full<tf.Rank.R2>(tb ? [n, depth] : [depth, n], 1);
    poisonHeap(1 << 12);
    expect(await error(tf.matMul(a, b, ta, tb), depth * term)).toBeLessThanOrEqual(digits);
    tf.dispose([a, b]);
  }
});

it('products with more rows than wait in a tree at once', async () => {
  const [a, b] = [full<tf.Rank.R2>([1000, 5000]), full<tf.Rank.R2>([5000, 1100], 1)];
  poisonHeap(1 << 21);
  expect(await error(tf.matMul(a, b), 5000 * term)).toBeLessThanOrEqual(digits);
});

it('products of stacks, dense layers and Einstein sums', async () => {
  const n = 2 ** 19;
  const stacks = tf.matMul(full([3, 2, n]), full([3, n, 2], 1));
  expect(await error(stacks, n * term)).toBeLessThanOrEqual(digits);
  const layer = dense(full([2, n]), full([n, 3], 1), full([3], 0), 'linear');
  expect(await error(layer, n * term)).toBeLessThanOrEqual(digits);
  const inner = tf.einsum('i,i->', full([2 * n]), full([2 * n], 1));
  expect(await error(inner, 2 * n * term)).toBeLessThanOrEqual(digits);
});

it('convolutions with large windows, of images and volumes', async () => {
  const n = 2 ** 19;
  for (const [channels, outputs] of [
    [1, 1],
    [1, 2],
    [4, 3],
    [2, 40],
  ] as const) {
    const x = full<tf.Rank.R4>([1, 2, n / channels, channels]);
    const filter = full<tf.Rank.R4>([1, n / channels - 1, channels, outputs], 1);
    const exact = (n - channels) * term;
    expect(await error(tf.conv2d(x, filter, 1, 'valid'), exact)).toBeLessThanOrEqual(digits);
  }
  const volumes = tf.conv3d(
    full<tf.Rank.R5>([1, 1, 2, n, 1]),
    full<tf.Rank.R5>([1, 1, n, 1, 2], 1),
    1,
    'valid',
  );
  expect(await error(volumes, n * term)).toBeLessThanOrEqual(digits);
});

it.each([
  ['1 × 1', [1, 1, 1, 1], 1],
  ['1 × 1 of several channels', [1, 1, 3, 5], 1],
  ['1 × 1 with gaps', [1, 1, 1, 2], 2],
  ['2 × 2', [2, 2, 3, 2], 1],
  ['5 × 3', [5, 3, 2, 7], 1],
] as const)('the filter gradient of a convolution, %s', async (_, filterShape, stride) => {
  const x = full<tf.Rank.R4>([2, 5 + stride * 724, 3 + stride * 724, filterShape[2]]);
  const filter = full<tf.Rank.R4>([...filterShape], 1);
  const y = tf.conv2d(x, filter, stride, 'valid');
  const gradient = inputGradient((f) => tf.conv2d(x, f as tf.Tensor4D, stride, 'valid'), filter);
  const windows = y.size / filterShape[3];
  expect(windows).toBeGreaterThan(2 ** 20);
  expect(await error(gradient, windows * term)).toBeLessThanOrEqual(digits);
  y.dispose();
});

it('the filter gradient of a convolution of volumes', async () => {
  const x = full<tf.Rank.R5>([1, 101, 101, 106, 1]);
  const filter = full<tf.Rank.R5>([2, 2, 2, 1, 2], 1);
  const gradient = inputGradient((f) => tf.conv3d(x, f as tf.Tensor5D, 1, 'valid'), filter);
  expect(await error(gradient, 100 * 100 * 105 * term)).toBeLessThanOrEqual(digits);
});

const long = 2 ** 12;
/** The windows of `long` numbers, of `size` in all, that hold number i. */
const holding = (size: number) => (i: number) =>
  Math.min(i, size - long) - Math.max(i - long + 1, 0) + 1;

it.each([1, 5])('the input gradients of convolutions, %i channels', async (channels) => {
  const size = 2 * long + 7;
  const x = full<tf.Rank.R4>([1, 1, size, channels]);
  const filter = full<tf.Rank.R4>([1, long, channels, 1], 0.1);
  const exact = (i: number): number => term * holding(size)(Math.floor(i / channels));
  poisonHeap();
  const mixed = inputGradient((v) => tf.conv2d(v as tf.Tensor4D, filter, 1, 'valid'), x);
  expect(await error(mixed, exact)).toBeLessThanOrEqual(digits);
  const apart = inputGradient((v) => tf.depthwiseConv2d(v as tf.Tensor4D, filter, 1, 'valid'), x);
  expect(await error(apart, exact)).toBeLessThanOrEqual(digits);
  const outputs = 2 ** 18;
  const wide = inputGradient(
    (v) => tf.conv2d(v as tf.Tensor4D, full([1, 1, channels, outputs]), 1, 'valid'),
    full([1, 1, 2, channels]),
  );
  expect(await error(wide, outputs * term)).toBeLessThanOrEqual(digits);
});

it.each([1, 12])('depthwise convolutions with large windows, %i channels', async (channels) => {
  const n = 2 ** 17;
  const x = full<tf.Rank.R4>([1, 2, n + 1, channels]);
  const filter = full<tf.Rank.R4>([2, n, channels, 1], 1);
  const y = tf.depthwiseConv2d(x, filter, 1, 'valid');
  expect(await error(y, 2 * n * term)).toBeLessThanOrEqual(digits);
});

it.each([1, 12])('the filter gradient of depthwise convolutions, %i channels', async (channels) => {
  const x = full<tf.Rank.R4>([2, 251, 252, channels]);
  const filter = full<tf.Rank.R4>([2, 3, channels, 1], 1);
  const gradient = inputGradient(
    (f) => tf.depthwiseConv2d(x, f as tf.Tensor4D, 1, 'valid'),
    filter,
  );
  expect(await error(gradient, 2 * 250 ** 2 * term)).toBeLessThanOrEqual(digits);
});

it('the means of large windows, and their gradient', async () => {
  const n = 2 ** 21;
  for (const [height, width] of [
    [1, n],
    [n, 1],
    [1024, 1024],
  ] as const) {
    const x = full<tf.Rank.R4>([1, height, width, 1]);
    const y = tf.avgPool(x, [height, width], 1, 'valid');
    expect(await error(y, term)).toBeLessThanOrEqual(digits);
  }
  for (const channels of [1, 5]) {
    const size = 2 * long + 7;
    const along = inputGradient(
      (v) => tf.mul(long, tf.avgPool(v as tf.Tensor4D, [1, long], 1, 'valid')),
      full([1, 1, size, channels]),
    );
    const exact = (i: number): number => holding(size)(Math.floor(i / channels));
    expect(await error(along, exact)).toBeLessThanOrEqual(digits);
    const down = inputGradient(
      (v) => tf.mul(0.1, tf.mul(long, tf.avgPool(v as tf.Tensor4D, [long, 1], 1, 'valid'))),
      full([1, size, 1, channels]),
    );
    expect(await error(down, (i) => term * exact(i))).toBeLessThanOrEqual(digits);
  }
});

it('the gradient of a maximum of many windows, and that of a dilation', async () => {
  const size = 2 * long + 7;
  const peaked = tf.oneHot(tf.tensor1d([long], 'int32'), size);
  const x = tf.reshape<tf.Rank.R4>(tf.cast(peaked, 'float32'), [1, 1, size, 1]);
  const peak = (gradient: tf.Tensor): tf.Tensor =>
    tf.slice(tf.reshape(gradient, [size]), [long], [1]);
  const exact = holding(size)(long) * term;
  const pooled = inputGradient(
    (v) => tf.mul(0.1, tf.maxPool(v as tf.Tensor4D, [1, long], 1, 'valid')),
    x,
  );
  expect(await error(peak(pooled), exact)).toBeLessThanOrEqual(digits);
  const flat = full<tf.Rank.R3>([1, long, 1], 0);
  const dilated = inputGradient(
    (v) => tf.mul(0.1, tf.dilation2d(v as tf.Tensor4D, flat, 1, 'valid')),
    x,
  );
  expect(await error(peak(dilated), exact)).toBeLessThanOrEqual(digits);
  const image = full<tf.Rank.R4>([1, 512, 512, 2]);
  const ofFilter = inputGradient(
    (f) => tf.mul(0.1, tf.dilation2d(image, f as tf.Tensor3D, 1, 'valid')),
    full([1, 1, 2]),
  );
  expect(await error(ofFilter, 512 ** 2 * term)).toBeLessThanOrEqual(digits);
});

it('sums by bins, and of chosen rows by segments', async () => {
  const n = 2 ** 23;
  const zeros = tf.zeros<tf.Rank.R1>([n], 'int32');
  const weights = full<tf.Rank.R1>([n]);
  expect(await error(tf.denseBincount(zeros, weights, 1), n * term)).toBeLessThanOrEqual(digits);
  const half = tf.reshape<tf.Rank.R2>(zeros, [2, n / 2]);
  const ofHalf = tf.denseBincount(half, tf.reshape<tf.Rank.R2>(weights, [2, n / 2]), 1);
  expect(await error(ofHalf, (n / 2) * term)).toBeLessThanOrEqual(digits);
  const row = full<tf.Rank.R2>([1, 1]);
  const [sums, means] = [tf.sparse.sparseSegmentSum, tf.sparse.sparseSegmentMean].map((of) =>
    of(row, zeros, zeros),
  );
  expect(await error(sums!, n * term)).toBeLessThanOrEqual(digits);
  expect(await error(means!, term)).toBeLessThanOrEqual(digits);
});

it('bins and segments of many rows are those of few: what has none is left out, and what is wrong is refused', async () => {
  const n = 2000;
  const bins = tf.tensor1d(
    Int32Array.from({ length: n }, (_, i) => (i % 5) * 2 - 1),
    'int32',
  );
  const weights = tf.tensor1d(Float32Array.from({ length: n }, (_, i) => 1 + (i % 3)));
  const found = await tf.denseBincount(bins, weights, 4).data();
  const exact = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) if ((i % 5) * 2 - 1 in exact) exact[(i % 5) * 2 - 1]! += 1 + (i % 3);
  expect([...found]).toEqual(exact);
  const data = tf.tensor2d([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
  const indices = tf.tensor1d(
    Int32Array.from({ length: n }, (_, i) => i % 3),
    'int32',
  );
  const segments = tf.tensor1d(
    Int32Array.from({ length: n }, (_, i) => (i < 3 ? 0 : 2)),
    'int32',
  );
  const [sum, mean] = [
    await tf.sparse.sparseSegmentSum(data, indices, segments).data(),
    await tf.sparse.sparseSegmentMean(data, indices, segments).data(),
  ];
  const rest = Array.from({ length: n - 3 }, (_, i) => 1 + ((i + 3) % 3)).reduce((a, b) => a + b);
  expect([...sum]).toEqual([6, 60, 0, 0, rest, 10 * rest]);
  expect(mean[0]).toBe(2);
  expect(mean[4]).toBeCloseTo(rest / (n - 3), 6);
  const backwards = tf.reverse(segments);
  expect(() => tf.sparse.sparseSegmentSum(data, indices, backwards)).toThrow('not increasing');
  expect(() =>
    tf.sparse.sparseSegmentSum(data, tf.add(indices, tf.scalar(1, 'int32')), segments),
  ).toThrow('out of range');
});

it('sums, means, norms and running sums', async () => {
  const n = 2 ** 25;
  const x = full<tf.Rank.R1>([n]);
  expect(await error(tf.sum(x), n * term)).toBeLessThanOrEqual(2 ** -24);
  expect(await error(tf.mean(x), term)).toBeLessThanOrEqual(2 ** -24);
  expect(await error(tf.sum(tf.reshape(x, [n / 16, 16]), 0), (n / 16) * term)).toBeLessThan(1e-7);
  expect(await error(squaredNorm([x]), n * Math.fround(term ** 2))).toBeLessThanOrEqual(digits);
  const few = full<tf.Rank.R1>([2 ** 20]);
  const place = (i: number): number => (i + 1) * term;
  expect(await error(tf.cumsum(few), place)).toBeLessThanOrEqual(2 ** -23);
  const down = tf.cumsum(tf.reshape(few, [2 ** 19, 2]), 0, true, true);
  const below = (i: number): number => (2 ** 19 - 1 - Math.floor(i / 2)) * term;
  expect(await error(down, below)).toBeLessThanOrEqual(2 ** -23);
});

it('log Σ eˣ and shares of a whole', async () => {
  const n = 2 ** 22;
  // One term is ten times as large as the others, which are 0.1 of it.
  const x = tf.tidy(() => tf.mul(Math.log(10), tf.oneHot(tf.tensor1d([5], 'int32'), n)));
  const whole = 10 + n - 1;
  const sums = [logSumExp(x), logSumExp(tf.reshape(x, [n, 1]), 0)];
  for (const sum of sums)
    // The logarithm of the sum, and its own rounding.
    expect(await error(tf.sub(sum, Math.log(whole)), 0)).toBeLessThanOrEqual(digits + 2e-6);
  const share = (i: number): number => (i === 5 ? 10 : 1) / whole;
  expect(await error(tf.softmax(x), share)).toBeLessThanOrEqual(digits);
  expect(
    await error(
      inputGradient((v) => logSumExp(v), x),
      share,
    ),
  ).toBeLessThanOrEqual(digits);
  const columns = logSumExp(tf.reshape(x, [n / 4, 4]), 0);
  const exact = (i: number): number => Math.log(n / 4 + (i === 1 ? 9 : 0));
  expect(await error(columns, exact)).toBeLessThanOrEqual(digits);
  x.dispose();
});

it('likelihoods and divergences', async () => {
  const n = 2 ** 22;
  const [x, zeros] = [full([1, n]), full([1, n], 0)];
  const each = (term ** 2 + Math.log(2 * Math.PI)) / 2;
  for (const [sum, exact] of [
    [bceWithLogits(zeros, x), Math.log(2)],
    [gaussianKl(x, zeros), term ** 2 / 2],
    [standardNormalLogProb(x), -each],
    [normalLogProb(x, zeros, zeros), -each],
  ] as const)
    expect(await error(sum, n * exact)).toBeLessThanOrEqual(digits);
});

it('layer normalisation of long rows, and its gradients over many', async () => {
  const [n, rows] = [2 ** 20, 2 ** 18];
  const sides = (shape: [number, number]): tf.Tensor2D =>
    tf.tile(tf.tensor2d([1.2, -0.8], [1, 2]), [shape[0], shape[1] / 2]);
  const gain = full<tf.Rank.R1>([n], 1);
  const wide = layerNorm(sides([1, n]), gain, full<tf.Rank.R1>([n], 0), 0);
  const sign = (i: number): number => (i % 2 === 0 ? 1 : -1);
  expect(await error(wide, sign)).toBeLessThanOrEqual(digits);
  const tall = sides([rows, 2]);
  const [one, zero] = [full<tf.Rank.R1>([2], 1), full<tf.Rank.R1>([2], 0)];
  const ofGain = inputGradient((g) => tf.mul(0.1, layerNorm(tall, g as tf.Tensor1D, zero, 0)), one);
  expect(await error(ofGain, (i) => sign(i) * rows * term)).toBeLessThanOrEqual(digits);
  const ofBias = inputGradient((b) => tf.mul(0.1, layerNorm(tall, one, b as tf.Tensor1D, 0)), zero);
  expect(await error(ofBias, rows * term)).toBeLessThanOrEqual(digits);
});

it('sums by segments, by places and by number', async () => {
  const n = 2 ** 20;
  const x = full<tf.Rank.R2>([n, 3]);
  // The first segment has a row, the second the others but for the last, which the third has.
  const ids = tf.tensor1d(Int32Array.from({ length: n }, (_, i) => +(i > 0) + +(i === n - 1)));
  const counts = [1, n - 2, 1, 0];
  poisonHeap();
  const whole = tf.cast(ids, 'int32');
  const segments = tf.unsortedSegmentSum(x, whole, 4);
  const ofSegment = (i: number): number => counts[Math.floor(i / 3)]! * term;
  expect(await error(segments, ofSegment)).toBeLessThanOrEqual(digits);
  const places = tf.scatterND(tf.reshape(whole, [n, 1]), x, [4, 3]);
  expect(places.shape).toEqual([4, 3]);
  expect(await error(places, ofSegment)).toBeLessThanOrEqual(digits);
  const weighted = tf.bincount(whole, full([n]), 4);
  expect(await error(weighted, (i) => counts[i]! * term)).toBeLessThanOrEqual(digits);
});

it('a product has the bits of its parts, rows and columns, whatever its depth', async () => {
  const wave = (shape: [number, number], phase: number): tf.Tensor2D =>
    tf.tidy(() => tf.sin(tf.add(phase, tf.reshape(tf.range(0, shape[0] * shape[1]), shape))));
  for (const [m, depth, n] of [
    [40, 9000, 50],
    [130, 5000, 9],
  ] as const) {
    const [a, b] = [wave([m, depth], 0.3), wave([depth, n], 0.7)];
    const whole = await tf.matMul(a, b).data();
    const cut = 21;
    const parts = tf.tidy(() =>
      tf.concat([tf.matMul(tf.slice(a, 0, cut), b), tf.matMul(tf.slice(a, cut), b)]),
    );
    expect(Array.from(await parts.data())).toEqual(Array.from(whole));
  }
});
