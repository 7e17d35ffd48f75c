import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { gradientsOf, leaves } from '../src/index.js';

const values = (t: tf.Tensor): number[] => Array.from(t.dataSync());

/** Kernels for which tfjs-core ships a gradient, from the names of its files. */
function stockGradients(): string[] {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core');
  const folder = join(dirname(entry), 'gradients');
  return readdirSync(folder)
    .filter((file) => file.endsWith('_grad.js'))
    .map((file) => /kernelName: (\w+)/.exec(readFileSync(join(folder, file), 'utf8'))![1]!);
}

test('every kernel that tfjs-core has a gradient for has one, but the complex modulus', () => {
  const missing = stockGradients().filter(
    (name) => (tf.getGradient(name) as unknown) === undefined,
  );
  expect(missing).toEqual(['ComplexAbs']);
});

test('there is one engine, and its gradients are these', () => {
  const { _tfengine } = globalThis as unknown as { _tfengine: unknown };
  expect(tf.engine()).toBe(_tfengine);
  expect(values(tf.grad((x) => tf.add(x, x))(tf.scalar(1)))).toEqual([2]);
});

test('log sigmoid and log softmax keep their range, and their gradients too', () => {
  const x = tf.tensor2d([-200, 0, 200], [1, 3]);
  expect(values(tf.logSigmoid(x))[0]).toBeCloseTo(-200, 3);
  expect(values(tf.logSoftmax(x))).toEqual([-400, -200, 0]);
  const { f } = gradientsOf(() => ({ f: tf.sum<tf.Scalar>(tf.logSigmoid(x)) }), { f: { x } });
  expect(values(leaves(f.gradients)[0]!)).toEqual([1, 0.5, 0]);
  const { g } = gradientsOf(
    () => ({ g: tf.sum<tf.Scalar>(tf.slice(tf.logSoftmax(x), [0, 0], [1, 1])) }),
    { g: { x } },
  );
  expect(values(leaves(g.gradients)[0]!)).toEqual([1, 0, -1]);
});

test('equal extremes share a gradient', () => {
  const x = tf.tensor1d([2, 1, 2]);
  const { f } = gradientsOf(() => ({ f: tf.max<tf.Scalar>(x) }), { f: { x } });
  expect(values(leaves(f.gradients)[0]!)).toEqual([0.5, 0, 0.5]);
});

test('stock gradients that are registered later are put back, and that is said once', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  // As `@tensorflow/tfjs` does when it is imported after this package; this one gives twice the gradient.
  const replace = (): void => {
    tf.registerGradient({
      kernelName: 'Tanh',
      inputsToSave: ['x'],
      gradFunc: (dy) => ({ x: () => tf.mul(dy as tf.Tensor, 2) }),
    });
  };
  const slope = (): number[] => {
    const x = tf.scalar(0);
    const { f } = gradientsOf(() => ({ f: tf.tanh(x) }), { f: { x } });
    return values(leaves(f.gradients)[0]!);
  };
  try {
    replace();
    expect(values(tf.grad((x) => tf.tanh(x))(tf.scalar(0)))).toEqual([2]);
    expect(slope()).toEqual([1]);
    replace();
    expect(slope()).toEqual([1]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(
      /1 kernels \(Tanh …\).*import @tensorflow\/tfjs before Elbo/,
    );
  } finally {
    warn.mockRestore();
  }
});
