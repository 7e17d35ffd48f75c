import { checkDerivatives } from '@elbo/testing/derivatives';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { detach, GradientError, gradientsOf, inputGradient, leaves } from '../src/index.js';
import { backends } from './backends.js';

const values = (t: tf.Tensor): number[] => Array.from(t.dataSync());

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => tf.setBackend(backend));

  test('inputGradient is the gradient of each row of a batch', () => {
    const x = tf.tensor2d([1, 2, -3, 4], [2, 2]);
    const before = tf.memory().numTensors;
    const gradient = inputGradient((y) => tf.sum(tf.pow(y, 3), 1), x);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(values(gradient)).toEqual([3, 12, 27, 48]);
  });

  test('inputGradient nests: the third derivative of x⁴ is 24x', () => {
    const third = inputGradient(
      (x) => inputGradient((y) => inputGradient((z) => tf.square(tf.square(z)), y), x),
      tf.tensor1d([0.5, -2]),
    );
    expect(values(third)).toEqual([12, -48]);
  });

  test("tfjs's own tf.grad is right to second order: tanh'' = -2 tanh (1 - tanh²)", () => {
    const x = tf.tensor1d([-1.5, -0.2, 0.7]);
    const second = tf.grad((y) => tf.grad((z) => tf.tanh(z))(y))(x);
    values(second).forEach((found, i) => {
      const t = Math.tanh(values(x)[i]!);
      expect(found).toBeCloseTo(-2 * t * (1 - t * t), 5);
    });
  });

  test('a gradient penalty on a critic has the gradient of its difference quotient', () => {
    checkDerivatives(
      ([x, w, b, v]) => {
        const critic = (y: tf.Tensor) => tf.matMul(tf.elu(tf.add(tf.matMul(y, w!), b!)), v!);
        const slopes = inputGradient(critic, x!);
        return tf.square(tf.sub(tf.sqrt(tf.sum(tf.square(slopes), 1)), 1));
      },
      [
        [[4, 3], 'apart'],
        [[3, 5], 'apart'],
        [[5], 'apart'],
        [[5, 1], 'apart'],
      ],
      { order: 1 },
    );
  });

  test('inputGradient refuses a function that does not depend on its argument', () => {
    const x = tf.scalar(2);
    const square = tf.square(x);
    const before = tf.memory().numTensors;
    expect(() => inputGradient(() => square, x)).toThrow(GradientError);
    expect(() => inputGradient((y) => detach(y), x)).toThrow(/does not depend/);
    expect(() => inputGradient((y) => tf.cast(y, 'int32'), x)).toThrow(/float32/);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('d/dy Σ detach(3y)·y = 3y, and detach leaks nothing', () => {
    const before = tf.memory().numTensors;
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 9 }),
        (numbers) => {
          tf.tidy(() => {
            const y = tf.tensor1d(numbers);
            const { f } = gradientsOf(
              () => ({ f: tf.sum<tf.Scalar>(tf.mul(detach(tf.mul(y, 3)), y)) }),
              { f: { y } },
            );
            expect(values(leaves(f.gradients)[0]!)).toEqual(values(tf.mul(y, 3)));
          });
        },
      ),
      { numRuns: 20, seed: 5 },
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  test('detach shares data: a copy lives on when the original is disposed', () => {
    const before = tf.memory();
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const copy = detach(x);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
    x.dispose();
    expect(copy.shape).toEqual([2, 2]);
    expect(values(copy)).toEqual([1, 2, 3, 4]);
    copy.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
