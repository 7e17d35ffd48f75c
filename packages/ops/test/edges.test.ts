import '@tensorflow/tfjs-backend-cpu';
import { gradientsOf, inputGradient } from '@elbo/gradients';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  activate,
  bceWithLogits,
  dense,
  gaussianKl,
  layerNorm,
  logSumExp,
  normalLogProb,
  OperationError,
  reparameterize,
  softBound,
  squaredNorm,
  standardNormalLogProb,
} from '../src/index.js';
import { activationNames } from './cases.js';
import { activationFormulas } from './formulas.js';

const list = (x: tf.Tensor): number[] => Array.from(x.dataSync());

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    setThreadsCount(1);
    await tf.setBackend(backend);
  });

  test('cross-entropy is exact at extreme logits, with a finite gradient', () => {
    const logits = tf.tensor2d([[1e4, -1e4, 1e4, -1e4, 88, -88]]);
    const targets = tf.tensor2d([[1, 0, 0, 1, 0.5, 0.5]]);
    expect(list(bceWithLogits(logits, targets))[0]).toBe(2e4 + 88);
    const gradient = inputGradient((l) => bceWithLogits(l, targets), logits);
    expect(list(gradient)).toEqual([0, 0, 1, -1, 0.5, -0.5]);
  });

  test('cross-entropy of a logit of 0 is log 2, with gradient ½ − t', () => {
    const targets = tf.tensor2d([[0, 0.25, 1]]);
    const logits = tf.zeros<tf.Rank.R2>([1, 3]);
    expect(list(bceWithLogits(logits, targets))[0]).toBeCloseTo(3 * Math.LN2, 6);
    expect(list(inputGradient((l) => bceWithLogits(l, targets), logits))).toEqual([
      0.5, 0.25, -0.5,
    ]);
  });

  test('activations are finite and right far from 0', () => {
    const x = [-1e4, -100, -20, 20, 100, 1e4];
    for (const activation of activationNames) {
      const y = list(activate(tf.tensor1d(x), activation));
      x.forEach((value, i) => {
        const expected = activationFormulas[activation](value);
        expect(Math.abs(y[i]! - expected), `${activation}(${value})`).toBeLessThanOrEqual(
          1e-6 * Math.max(1, Math.abs(expected)),
        );
      });
    }
  });

  test('logSumExp is stable, and right where terms are infinite', () => {
    const x = tf.tensor2d([
      [1e4, 1e4],
      [-1e4, -1e4],
      [-Infinity, 3],
      [-Infinity, -Infinity],
      [Infinity, 0],
    ]);
    const y = list(logSumExp(x));
    expect(y[0]).toBeCloseTo(1e4 + Math.LN2, 2);
    expect(y[1]).toBeCloseTo(-1e4 + Math.LN2, 2);
    expect(y.slice(2)).toEqual([3, -Infinity, Infinity]);
    const gradient = inputGradient((rows) => logSumExp(rows), tf.slice(x, [0, 0], [4, 2]));
    expect(list(gradient)).toEqual([0.5, 0.5, 0.5, 0.5, 0, 1, 0, 0]);
  });

  test('logSumExp runs along any axis', () => {
    const x = tf.tensor3d([0, 1, 2, 3, 4, 5, 6, 7], [2, 2, 2]);
    for (const [axis, positive] of [
      [0, 0],
      [1, 1],
      [-1, 2],
      [-3, 0],
    ] as const) {
      const expected = list(tf.log(tf.sum(tf.exp(x), positive)));
      const y = logSumExp(x, axis);
      expect(y.shape).toEqual([2, 2]);
      list(y).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 5);
      });
    }
  });

  test('NaN is not swallowed', () => {
    const x = tf.tensor2d([[1, NaN, 2]]);
    const zeros = tf.zeros<tf.Rank.R2>([1, 3]);
    const ones = tf.ones<tf.Rank.R1>([3]);
    const results = {
      bceWithLogits: bceWithLogits(x, zeros),
      normalLogProb: normalLogProb(x, zeros, zeros),
      gaussianKl: gaussianKl(x, zeros),
      standardNormalLogProb: standardNormalLogProb(x),
      reparameterize: reparameterize(x, zeros, zeros),
      layerNorm: layerNorm(x, ones, ones, 1e-5),
      logSumExp: logSumExp(x),
      softBound: softBound(x, 1),
      squaredNorm: squaredNorm([x]),
      dense: dense(x, tf.ones([3, 1])),
    };
    for (const [name, y] of Object.entries(results))
      expect(list(y).some(Number.isNaN), name).toBe(true);
  });

  test('softBound is the identity to the last bit within its bound, and finite and alive without', () => {
    const near = Float32Array.from({ length: 400 }, (_, i) => (i - 200) * 0.07499);
    expect(list(softBound(tf.tensor1d(near), 15))).toEqual(Array.from(near));
    const far = tf.tensor1d([15.5, 2e3, -2e6, 1e9, -1e18]);
    const bounded = list(softBound(far, 15));
    bounded.forEach((value) => {
      expect(Math.abs(value)).toBeGreaterThan(15);
      expect(Math.abs(value)).toBeLessThanOrEqual(30);
    });
    const { sum } = gradientsOf(() => ({ sum: tf.sum<tf.Scalar>(softBound(far, 15)) }), {
      sum: { far },
    });
    list(sum.gradients.far as tf.Tensor).forEach((value) => {
      expect(value).toBeGreaterThan(0);
    });
  });

  test('dense without a bias, and over the last axis of any rank', () => {
    const x = tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 3, 2]);
    const kernel = tf.tensor2d([[1], [-1]]);
    expect(list(dense(x, kernel))).toEqual([-1, -1, -1]);
    const y = dense(x, kernel, tf.tensor1d([3]), 'relu');
    expect(y.shape).toEqual([1, 3, 1]);
    expect(list(y)).toEqual([2, 2, 2]);
  });

  test('densities and samples broadcast, with gradients of the shapes given', () => {
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
    ]);
    const params = { mean: tf.tensor2d([[1, 1]]), logVar: tf.scalar(0) };
    const expected = [-Math.log(2 * Math.PI) - 0.5, -Math.log(2 * Math.PI) - 6.5];
    list(normalLogProb(x, params.mean, params.logVar)).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
    const { loss } = gradientsOf(
      () => ({ loss: tf.sum<tf.Scalar>(normalLogProb(x, params.mean, params.logVar)) }),
      { loss: params },
    );
    // Σ (x − mean), and ½ Σ ((x − mean)² − 1).
    expect(list(loss.gradients.mean as tf.Tensor)).toEqual([2, 4]);
    expect(list(loss.gradients.logVar as tf.Tensor)).toEqual([5]);
    const samples = reparameterize(x, tf.zeros([2, 2]), tf.ones<tf.Rank.R3>([3, 2, 2]));
    expect(samples.shape).toEqual([3, 2, 2]);
  });

  test('squaredNorm adds up tensors of every rank, accurately', () => {
    const many = tf.fill([300, 1000], 0.1);
    expect(list(squaredNorm([tf.scalar(3), tf.tensor1d([4, 0]), many]))[0]).toBeCloseTo(3025, 1);
  });

  test('what an operation returns is a new tensor', () => {
    const x = tf.tensor1d([1, -2]);
    const y = activate(x, 'linear');
    y.dispose();
    expect(list(x)).toEqual([1, -2]);
  });
});

test('wrong shapes are errors that name them, and leave no tensors', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const matrix = tf.zeros<tf.Rank.R2>([2, 3]);
    const vector = tf.zeros<tf.Rank.R1>([3]);
    const wrong = [
      () => dense(matrix, matrix),
      () => dense(vector, tf.zeros([3, 2])),
      () => dense(matrix, tf.zeros([3, 2]), vector),
      () => bceWithLogits(matrix, vector),
      () => bceWithLogits(tf.scalar(1), tf.scalar(1)),
      () => gaussianKl(matrix, tf.zeros([3, 2])),
      () => layerNorm(matrix, tf.zeros([2]), vector, 1e-5),
      () => layerNorm(vector, vector, vector, 1e-5),
      () => logSumExp(matrix, 2),
      () => logSumExp(matrix, 0.5),
      () => squaredNorm([]),
      () => standardNormalLogProb(tf.scalar(1)),
    ];
    for (const call of wrong) expect(call).toThrow(OperationError);
    expect(() => dense(matrix, matrix)).toThrow('x [2, 3], kernel [2, 3]');
  });
  expect(tf.memory().numTensors).toBe(before);
});
