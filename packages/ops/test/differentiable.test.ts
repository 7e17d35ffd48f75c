import '@tensorflow/tfjs-backend-cpu';
import { gradientsOf } from '@elbo/gradients';
import { fold, key, normal } from '@elbo/random';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cases, type Case } from './cases.js';
import { referenceKernels } from './kernels.js';
import { differenceGradient, differenceHessian } from './numbers.js';

const draws = (name: string, n: number): number[] => Array.from(normal(fold(key(9), name), n));

function expectClose(actual: tf.Tensor, expected: readonly number[], tolerance: number): void {
  const values = actual.dataSync();
  expect(values.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    expect(Math.abs(values[i]! - value), `element ${i}: ${values[i]} and ${value}`).toBeLessThan(
      tolerance * scale,
    );
  });
}

type Leaves = Readonly<Record<string, tf.Tensor>>;

function given({ inputs, shapes }: Case): Leaves {
  return Object.fromEntries(inputs.map((input, i) => [i, tf.tensor([...input], [...shapes[i]!])]));
}

/** Σ weights · f. */
function weighted({ call }: Case, leaves: Leaves, weights: readonly number[]): tf.Scalar {
  const y = call(...Object.values(leaves));
  return tf.sum(tf.mul(y, tf.tensor([...weights], y.shape)));
}

/** What must hold for an operation, whether its kernel or its composition runs. */
function checks(one: Case): void {
  const expected = one.reference(...one.inputs);
  const weights = draws('weights', expected.length);
  const directions = one.inputs.map((input, i) => draws(`direction ${i}`, input.length));

  test(`${one.name}: value`, () => {
    tf.tidy(() => {
      expectClose(one.call(...Object.values(given(one))), expected, 1e-5);
    });
  });

  test(`${one.name}: gradient`, () => {
    tf.tidy(() => {
      const leaves = given(one);
      const { loss } = gradientsOf(() => ({ loss: weighted(one, leaves, weights) }), {
        loss: leaves,
      });
      const differences = differenceGradient(one.reference, one.inputs, weights);
      differences.forEach((row, i) => {
        expectClose(loss.gradients[i] as tf.Tensor, row, 1e-5);
      });
    });
  });

  test(`${one.name}: second gradient`, () => {
    tf.tidy(() => {
      const leaves = given(one);
      const along = (): tf.Scalar => {
        const { loss } = gradientsOf(() => ({ loss: weighted(one, leaves, weights) }), {
          loss: leaves,
        });
        const parts = directions.map((direction, i) => {
          const gradient = loss.gradients[i] as tf.Tensor;
          return tf.sum(tf.mul(gradient, tf.tensor(direction, gradient.shape)));
        });
        return tf.addN(parts) as tf.Scalar;
      };
      const { outer } = gradientsOf(() => ({ outer: along() }), { outer: leaves });
      const differences = differenceHessian(one.reference, one.inputs, weights, directions);
      differences.forEach((row, i) => {
        expectClose(outer.gradients[i] as tf.Tensor, row, 1e-4);
      });
    });
  });

  test(`${one.name}: leaves no tensors`, () => {
    const leaves = given(one);
    const before = tf.memory().numTensors;
    one.call(...Object.values(leaves)).dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(leaves);
  });
}

describe.each(['cpu', 'wasm'])('compositions on %s', (backend) => {
  beforeAll(async () => {
    setThreadsCount(1);
    await tf.setBackend(backend);
  });
  cases.forEach(checks);
});

describe('kernels', () => {
  const ran = new Set<string>();
  const kernels = referenceKernels((name) => ran.add(name));
  beforeAll(async () => {
    await tf.setBackend('cpu');
    kernels.forEach(tf.registerKernel);
  });
  afterAll(() => {
    for (const { kernelName } of kernels) tf.unregisterKernel(kernelName, 'cpu');
  });
  cases.forEach(checks);

  test('ran, every one of them', () => {
    expect([...ran].sort()).toEqual([...new Set(cases.map((one) => one.kernelName))].sort());
  });
});
