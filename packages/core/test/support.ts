import { inputGradient } from '@elbo/gradients';
import { key, normal as draw, type Key } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** A tensor's values, row by row; the tensor is disposed. */
export function read(tensor: tf.Tensor): number[] {
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

/** Seeded standard normal numbers as a tensor. */
export function noise<R extends tf.Rank>(seed: number, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.tensor(draw(key(seed), tf.util.sizeFromShape(shape)), shape);
}

/** Fails unless the mean of independent `values` is `truth` within four standard errors (and rounding). */
export function expectMean(values: readonly number[], truth: number, rounding = 1e-6): void {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  expect(Math.abs(mean - truth)).toBeLessThan(4 * Math.sqrt(variance / n) + rounding);
}

/** Fails unless two lists agree element by element, to `tolerance` of the larger of 1 and the expected value. */
export function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance = 2e-6,
): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    const error = Math.abs(value - expected[i]!);
    expect(error, `element ${i}: ${value}, not ${expected[i]}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected[i]!)),
    );
  });
}

/** Fails unless the gradient of Σ f at x along a direction is the central difference quotient. */
export function expectGradient(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  { h = 1e-2, tolerance = 2e-3 }: { h?: number; tolerance?: number } = {},
): void {
  const [slope, quotient] = tf.tidy(() => {
    const direction = noise(97, x.shape);
    const at = (t: number): number => read(tf.sum(f(tf.add(x, tf.mul(direction, t)))))[0]!;
    const gradient = inputGradient(f, x);
    return [read(tf.sum(tf.mul(gradient, direction)))[0]!, (at(h) - at(-h)) / (2 * h)];
  });
  expectClose([slope], [quotient], tolerance);
}

/** Every combination of values of some coordinates. */
export function grid(axes: readonly (readonly number[])[]): number[][] {
  return axes.reduce<number[][]>(
    (points, axis) => points.flatMap((point) => axis.map((value) => [...point, value])),
    [[]],
  );
}

/** n evenly spaced numbers from −range to range. */
export function ticks(range: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => -range + (2 * range * i) / (n - 1));
}

/** Keys for samples. */
export const keys: readonly Key[] = [1, 2, 3].map((seed) => key(seed));
