import { gradientsOf, inputGradient } from '@elbo/gradients';
import * as ops from '@elbo/ops';
import { fold, key, normal } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { differenceGradient, differenceHessian, type Formula } from './differences.js';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const rowsOf = (values: readonly number[], n: number): number[][] =>
  Array.from({ length: values.length / n }, (_, i) => values.slice(i * n, (i + 1) * n));

/** Σ over rows of `n` numbers of a term of the operands' elements. */
const overRows =
  (n: number, term: (...elements: number[]) => number): Formula =>
  (...inputs) =>
    rowsOf(
      inputs[0]!.map((_, i) => term(...inputs.map((input) => input[i]!))),
      n,
    ).map(sum);

const logSumExp = (values: readonly number[]): number => {
  const maximum = Math.max(...values);
  return maximum + Math.log(sum(values.map((value) => Math.exp(value - maximum))));
};

/** A fused operation, its formula in double precision, and the shapes of its inputs, for rows of n numbers. */
interface Case {
  readonly name: string;
  readonly kernelName: string;
  shapes(rows: number, n: number): number[][];
  call(...inputs: tf.Tensor[]): tf.Tensor;
  formula(n: number): Formula;
}

const same =
  (operands: number): Case['shapes'] =>
  (rows, n) =>
    Array.from({ length: operands }, () => [rows, n]);

const cases: readonly Case[] = [
  {
    name: 'bceWithLogits',
    kernelName: ops.bceWithLogitsKernel,
    shapes: same(2),
    call: (l, t) => ops.bceWithLogits(l, t),
    formula: (n) =>
      overRows(n, (l, t) => Math.max(l, 0) - l * t + Math.log1p(Math.exp(-Math.abs(l)))),
  },
  {
    name: 'gaussianKl',
    kernelName: ops.gaussianKlKernel,
    shapes: same(2),
    call: (mean, logVar) => ops.gaussianKl(mean, logVar),
    formula: (n) => overRows(n, (mean, logVar) => 0.5 * (mean ** 2 + Math.expm1(logVar) - logVar)),
  },
  {
    name: 'normalLogProb',
    kernelName: ops.normalLogProbKernel,
    shapes: same(3),
    call: (x, mean, logVar) => ops.normalLogProb(x, mean, logVar),
    formula: (n) =>
      overRows(
        n,
        (x, mean, logVar) =>
          -0.5 * (Math.log(2 * Math.PI) + logVar + (x - mean) ** 2 / Math.exp(logVar)),
      ),
  },
  {
    name: 'standardNormalLogProb',
    kernelName: ops.standardNormalLogProbKernel,
    shapes: same(1),
    call: (z) => ops.standardNormalLogProb(z),
    formula: (n) => overRows(n, (z) => -0.5 * (Math.log(2 * Math.PI) + z ** 2)),
  },
  {
    name: 'reparameterize',
    kernelName: ops.reparameterizeKernel,
    shapes: same(3),
    call: (mean, logVar, noise) => ops.reparameterize(mean, logVar, noise),
    formula: () => (mean, logVar, noise) =>
      mean.map((value, i) => value + Math.exp(logVar[i]! / 2) * noise[i]!),
  },
  {
    name: 'layerNorm',
    kernelName: ops.layerNormKernel,
    shapes: (rows, n) => [[rows, n], [n], [n]],
    call: (x, gain, bias) => ops.layerNorm(x, gain as tf.Tensor1D, bias as tf.Tensor1D, 1e-2),
    formula: (n) => (x, gain, bias) =>
      rowsOf(x, n).flatMap((row) => {
        const mean = sum(row) / n;
        const variance = sum(row.map((value) => (value - mean) ** 2)) / n;
        const scale = 1 / Math.sqrt(variance + 1e-2);
        return row.map((value, i) => gain[i]! * scale * (value - mean) + bias[i]!);
      }),
  },
  {
    name: 'logSumExp',
    kernelName: ops.logSumExpKernel,
    shapes: same(1),
    call: (x) => ops.logSumExp(x),
    formula: (n) => (x) => rowsOf(x, n).map(logSumExp),
  },
  {
    name: 'logSumExp over the first axis',
    kernelName: ops.logSumExpKernel,
    shapes: same(1),
    call: (x) => ops.logSumExp(x, 0),
    formula: (n) => (x) => {
      const rows = rowsOf(x, n);
      return Array.from({ length: n }, (_, j) => logSumExp(rows.map((row) => row[j]!)));
    },
  },
  {
    name: 'squaredNorm',
    kernelName: ops.squaredNormKernel,
    shapes: same(1),
    call: (x) => ops.squaredNorm([x]),
    formula: () => (x) => [sum(x.map((value) => value ** 2))],
  },
];

const draws = (name: string, n: number): number[] => Array.from(normal(fold(key(3), name), n));

/** Numbers that are alike as Float32 sums of `n` terms are: 1e-5 of the largest. */
async function expectClose(
  actual: tf.Tensor,
  expected: readonly number[],
  tolerance = 1e-5,
): Promise<void> {
  const values = await actual.data();
  expect(values.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    const off = Math.abs(values[i]! - value);
    expect(off, `element ${i}: ${values[i]} and ${value}`).toBeLessThan(tolerance * scale);
  });
}

/** Inputs of a case, as numbers and as tensors. */
function given(one: Case, rows: number, n: number): { numbers: number[][]; leaves: tf.Tensor[] } {
  const shapes = one.shapes(rows, n);
  const numbers = shapes.map((shape, i) => draws(`${one.name} ${i}`, tf.util.sizeFromShape(shape)));
  // In float32, so that the formula has the very numbers that the kernel has.
  const rounded = numbers.map((list) => list.map(Math.fround));
  return { numbers: rounded, leaves: rounded.map((list, i) => tf.tensor(list, shapes[i])) };
}

/** A function's gradients with respect to a list. */
function gradientsOfList(f: () => tf.Scalar, list: readonly tf.Tensor[]): tf.Tensor[] {
  const { loss } = gradientsOf(() => ({ loss: f() }), {
    loss: Object.fromEntries(list.entries()),
  });
  loss.value.dispose();
  return Object.values(loss.gradients) as tf.Tensor[];
}

/** The gradients of Σ weights · f. */
function differentiated(
  one: Case,
  leaves: readonly tf.Tensor[],
  weights: readonly number[],
): tf.Tensor[] {
  return gradientsOfList(() => {
    const y = one.call(...leaves);
    return tf.sum(tf.mul(y, tf.tensor([...weights], y.shape)));
  }, leaves);
}

describe.each(cases)('$name', (one) => {
  it.each([
    [1, 1],
    [3, 2],
    [5, 7],
    [2, 64],
    [66, 9],
    [3, 1027],
    [700, 5],
  ])('of [%i, %i] is its formula', async (rows, n) => {
    const { numbers, leaves } = given(one, rows, n);
    poisonHeap();
    const y = one.call(...leaves);
    await expectClose(y, one.formula(n)(...numbers));
    tf.dispose([...leaves, y]);
  });

  it.each([
    [1, 1],
    [3, 2],
    [5, 7],
    [2, 21],
    [130, 3],
  ])('of [%i, %i] has the gradients of difference quotients', async (rows, n) => {
    const { numbers, leaves } = given(one, rows, n);
    const formula = one.formula(n);
    const weights = draws('weights', formula(...numbers).length);
    poisonHeap();
    const gradients = differentiated(one, leaves, weights);
    const differences = differenceGradient(formula, numbers, weights);
    for (const [i, row] of differences.entries()) await expectClose(gradients[i]!, row);
    tf.dispose([...leaves, ...gradients]);
  });

  it('has the second gradients of difference quotients', async () => {
    const { numbers, leaves } = given(one, 3, 5);
    const formula = one.formula(5);
    const weights = draws('weights', formula(...numbers).length);
    const directions = numbers.map((list, i) => draws(`direction ${i}`, list.length));
    poisonHeap();
    const second = gradientsOfList(() => {
      const parts = differentiated(one, leaves, weights).map((gradient, i) =>
        tf.sum(tf.mul(gradient, tf.tensor(directions[i]!, gradient.shape))),
      );
      return tf.addN(parts) as tf.Scalar;
    }, leaves);
    const differences = differenceHessian(formula, numbers, weights, directions);
    for (const [i, row] of differences.entries()) await expectClose(second[i]!, row, 1e-4);
    tf.dispose([...leaves, ...second]);
  });

  it('runs as one kernel forward and one a gradient, and leaves nothing behind', async () => {
    const { numbers, leaves } = given(one, 3, 5);
    const weights = draws('weights', one.formula(5)(...numbers).length);
    const { numTensors } = tf.memory();
    const numDataIds = tf.backend().numDataIds();
    const { kernelNames } = await tf.profile(() => {
      tf.dispose(differentiated(one, leaves, weights));
    });
    expect(kernelNames).toContain(one.kernelName);
    if (one.kernelName !== ops.squaredNormKernel)
      expect(kernelNames).toContain(ops.gradientKernel(one.kernelName));
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(tf.backend().numDataIds()).toBe(numDataIds);
    tf.dispose(leaves);
  });

  it('lets NaN through, and takes an empty batch', async () => {
    const { leaves } = given(one, 2, 5);
    const { shape } = leaves[0]!;
    const broken = tf.tensor([NaN, ...draws('rest', 9)], shape);
    const y = await one.call(broken, ...leaves.slice(1)).data();
    expect(y[0]).toBeNaN();
    const empty = one.shapes(0, 5).map((size) => tf.zeros(size));
    const none = one.call(...empty);
    if (one.name !== 'logSumExp over the first axis' && one.name !== 'squaredNorm')
      expect(none.size).toBe(0);
  });
});

it('cross-entropy is exact at extreme logits, with a finite gradient', async () => {
  const logits = tf.tensor2d([[1e4, -1e4, 1e4, -1e4, 88, -88]]);
  const targets = tf.tensor2d([[1, 0, 0, 1, 0.5, 0.5]]);
  expect(Array.from(await ops.bceWithLogits(logits, targets).data())).toEqual([2e4 + 88]);
  const gradient = inputGradient((l) => ops.bceWithLogits(l, targets), logits);
  expect(Array.from(await gradient.data())).toEqual([0, 0, 1, -1, 0.5, -0.5]);
});

it.each([0, 1])('logSumExp along axis %i is right where terms are infinite', async (axis) => {
  const rows = [
    [1e4, 1e4, 1e4],
    [-Infinity, 3, -Infinity],
    [-Infinity, -Infinity, -Infinity],
    [Infinity, 0, 1],
    [NaN, 0, 1],
  ];
  const x = axis === 1 ? tf.tensor2d(rows) : tf.transpose(tf.tensor2d(rows));
  const y = Array.from(await ops.logSumExp(x, axis).data());
  expect(y[0]).toBeCloseTo(1e4 + Math.log(3), 2);
  expect(y.slice(1)).toEqual([3, -Infinity, Infinity, NaN]);
  const gradient = inputGradient((z) => ops.logSumExp(z, axis), x);
  const byRow = (await (axis === 1 ? gradient : tf.transpose(gradient)).array()) as number[][];
  for (const value of byRow[0]!) expect(value).toBeCloseTo(1 / 3, 6);
  expect(byRow.slice(1, 3)).toEqual([
    [0, 1, 0],
    [0, 0, 0],
  ]);
});

it.each([0, 1])('logSumExp keeps its digits along a long axis %i', async (axis) => {
  const n = 300_000;
  const x = tf.tensor(Float32Array.from({ length: 3 * n }, (_, i) => (i === 7 ? 0 : -0.1)));
  const rows = tf.reshape(x, axis === 1 ? [3, n] : [n, 3]);
  const y = Array.from(await ops.logSumExp(rows, axis).data());
  const one = Math.log(n) + Math.fround(-0.1);
  const more = Math.log1p((n - 1) * Math.exp(Math.fround(-0.1)));
  const expected = axis === 1 ? [more, one, one] : [one, more, one];
  y.forEach((value, i) => {
    // The sum is off by less than 64 roundings, its logarithm by as much and a unit of its last place, 2⁻²⁰.
    expect(Math.abs(value - expected[i]!)).toBeLessThan(64 * 2 ** -24 + 2 ** -20);
  });
});

it('a squared norm keeps its digits over a million numbers', async () => {
  const n = 1_000_003;
  const norm = await ops.squaredNorm([tf.fill([n], 0.1)]).data();
  expect(norm[0]! / (n * Math.fround(0.1) ** 2)).toBeCloseTo(1, 6);
});

it.each(['int32', 'bool'] as const)('targets of %s count as numbers', async (dtype) => {
  const before = tf.memory().numTensors;
  const logits = tf.tensor2d([0.3, -2, 1, 4], [2, 2]);
  const [targets, floats] = [
    tf.tensor([1, 0, 1, 1], [2, 2], dtype),
    tf.tensor([1, 0, 1, 1], [2, 2]),
  ];
  const [y, expected] = [ops.bceWithLogits(logits, targets), ops.bceWithLogits(logits, floats)];
  expect(await y.data()).toEqual(await expected.data());
  const gradient = inputGradient((l) => ops.bceWithLogits(l, targets), logits);
  const other = inputGradient((l) => ops.bceWithLogits(l, floats), logits);
  expect(await gradient.data()).toEqual(await other.data());
  tf.dispose([logits, targets, floats, y, expected, gradient, other]);
  expect(tf.memory().numTensors).toBe(before);
});
