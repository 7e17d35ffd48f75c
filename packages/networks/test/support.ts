import { leaves, unflatten, type Mode, type Network, type Params, type Shape } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { key, normal } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** A tensor's values, row by row; the tensor is disposed. */
export function read(tensor: tf.Tensor): number[] {
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

/** Seeded standard normal numbers as a tensor. */
export function noise(seed: number, shape: Shape): tf.Tensor {
  return tf.tensor(normal(key(seed), tf.util.sizeFromShape([...shape])), [...shape]);
}

/** A way to apply a network. */
export const mode: Mode = { training: true, key: key(5) };

/** Fresh parameters moved off their initial values, so that nothing is zero by construction. */
export function perturbed(network: Network, input: Shape): Params {
  const { params } = network.init(key(1), input);
  const moved = leaves(params).map((leaf, i) =>
    tf.add(leaf, tf.mul(noise(100 + i, leaf.shape), 0.1)),
  );
  return unflatten(params, moved);
}

/**
 * Fails unless the gradient of a random linear function of the output, for parameters and input together, is the central
 * difference quotient along a random direction.
 */
export function expectGradient(
  network: Network,
  input: Shape,
  { h = 5e-3, tolerance = 2e-3 }: { h?: number; tolerance?: number } = {},
): void {
  tf.tidy(() => {
    const tree: Params = { network: perturbed(network, input), x: noise(2, [3, ...input]) };
    const all = leaves(tree);
    const directions = all.map((leaf, i) => noise(200 + i, leaf.shape));
    const loss = (at: Params): tf.Scalar => {
      const y = network.apply(at.network as Params, mode, at.x as tf.Tensor);
      return tf.sum(tf.mul(y, noise(3, y.shape)));
    };
    const at = (t: number): number => {
      const moved = all.map((leaf, i) => tf.add(leaf, tf.mul(directions[i]!, t)));
      return read(loss(unflatten(tree, moved)))[0]!;
    };
    const { gradients, unreached } = gradientsOf(() => ({ tree: loss(tree) }), { tree }).tree;
    const slope = leaves(gradients)
      .map((gradient, i) => read(tf.sum(tf.mul(gradient, directions[i]!)))[0]!)
      .reduce((a, b) => a + b, 0);
    const quotient = (at(h) - at(-h)) / (2 * h);
    expect(unreached).toEqual([]);
    expect(Math.abs(slope - quotient)).toBeLessThan(tolerance * Math.max(1, Math.abs(quotient)));
  });
}

/** The second moment of a tensor's elements; the tensor is disposed. */
export function secondMoment(tensor: tf.Tensor): number {
  const values = read(tensor);
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}
