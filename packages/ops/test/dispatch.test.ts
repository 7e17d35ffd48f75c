import '@tensorflow/tfjs-backend-cpu';
import { inputGradient } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  activationGradientKernel,
  dense,
  denseKernel,
  gaussianKl,
  gaussianKlKernel,
  gradientKernel,
} from '../src/index.js';
import { referenceKernels, valuesOf, write } from './kernels.js';

const ran: string[] = [];
const kernels: tf.KernelConfig[] = [
  ...referenceKernels((name) => ran.push(name)),
  {
    kernelName: activationGradientKernel,
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs, backend }) => {
      ran.push(activationGradientKernel);
      expect(attrs).toEqual({ activation: 'tanh' });
      const [dy, output] = [valuesOf(backend, inputs.dy!), valuesOf(backend, inputs.output!)];
      return write(
        backend,
        dy.map((value, i) => value * (1 - output[i]! ** 2)),
        inputs.dy!.shape,
      );
    },
  },
  {
    kernelName: gradientKernel(gaussianKlKernel),
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs, backend }) => {
      ran.push(`${gradientKernel(gaussianKlKernel)} of ${attrs!.of as string}`);
      const dy = valuesOf(backend, inputs.dy!)[0]!;
      const slope = attrs!.of === 'mean' ? (x: number) => x : (x: number) => Math.expm1(x) / 2;
      const values = valuesOf(backend, inputs[attrs!.of as string]!);
      return write(
        backend,
        values.map((value) => dy * slope(value)),
        inputs.mean!.shape,
      );
    },
  },
];

beforeAll(async () => {
  await tf.setBackend('cpu');
  kernels.forEach(tf.registerKernel);
});
beforeEach(() => {
  ran.length = 0;
});
afterAll(() => {
  for (const { kernelName } of kernels) tf.unregisterKernel(kernelName, 'cpu');
});

const layer = (x: tf.Tensor): tf.Tensor =>
  dense(x, tf.tensor2d([[0.5], [2]]), tf.tensor1d([0.1]), 'tanh');
const x = (): tf.Tensor2D => tf.tensor2d([[0.3, -0.2]]);
const y = Math.tanh(0.15 - 0.4 + 0.1);

test('a first gradient uses the saved output: the product is not computed again', () => {
  const [left, right] = inputGradient(layer, x()).dataSync();
  expect(left).toBeCloseTo(0.5 * (1 - y * y), 6);
  expect(right).toBeCloseTo(2 * (1 - y * y), 6);
  expect(ran).toEqual([denseKernel, activationGradientKernel]);
});

test('a gradient that is differentiated again goes through the input', () => {
  const second = inputGradient((z) => inputGradient(layer, z), x()).dataSync();
  // d/dx of Σ w (1 − y²) is −2 y (1 − y²) · Σ w · w.
  expect(second[0]).toBeCloseTo(-2 * y * (1 - y * y) * 2.5 * 0.5, 6);
  expect(second[1]).toBeCloseTo(-2 * y * (1 - y * y) * 2.5 * 2, 6);
  expect(ran.filter((name) => name === denseKernel)).toHaveLength(2);
});

const divergence = (mean: tf.Tensor): tf.Tensor =>
  gaussianKl(mean, tf.tensor2d([[0.3, 0.2]], [1, 2]));

test('a kernel of gradients gives the first ones, and only those asked for', () => {
  expect(inputGradient(divergence, x()).dataSync()).toEqual(x().dataSync());
  const along = (logVar: tf.Tensor): tf.Tensor => gaussianKl(x(), logVar);
  expect(inputGradient(along, x()).dataSync()[0]).toBeCloseTo(Math.expm1(0.3) / 2, 6);
  const kernel = gradientKernel(gaussianKlKernel);
  expect(ran.filter((name) => name !== gaussianKlKernel)).toEqual([
    `${kernel} of mean`,
    `${kernel} of logVar`,
  ]);
});

test('a second gradient goes by the rule, not by a kernel of gradients', () => {
  const second = inputGradient((mean) => inputGradient(divergence, mean), x());
  expect(Array.from(second.dataSync())).toEqual([1, 1]);
  expect(ran).toEqual([gaussianKlKernel]);
});

test('a composition runs again once the kernel is gone', () => {
  tf.unregisterKernel(denseKernel, 'cpu');
  expect(layer(x()).dataSync()[0]).toBeCloseTo(y, 6);
  expect(ran).toEqual([]);
  tf.registerKernel(kernels.find(({ kernelName }) => kernelName === denseKernel)!);
});
