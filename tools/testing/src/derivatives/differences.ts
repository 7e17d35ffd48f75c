import { gradientsOf, leaves, type TensorTree } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** A generator of uniform numbers in [0, 1), Mulberry32, so that a failure repeats. */
export function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** How the elements of an argument are drawn. */
export type Draw = 'apart' | 'positive' | 'inner' | 'distinct';

/** Elements of an argument: kinks (0, ties) are further away than a difference quotient reaches. */
export function draw(shape: number[], how: Draw, next: () => number): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  const order = Array.from({ length: size }, (_, i) => i).sort(() => next() - 0.5);
  const values = order.map((rank) => {
    const sign = next() < 0.5 ? -1 : 1;
    switch (how) {
      case 'apart':
        return sign * (0.15 + 1.2 * next());
      case 'positive':
        return 0.4 + 1.4 * next();
      case 'inner':
        return sign * (0.1 + 0.6 * next());
      case 'distinct':
        return 0.12 * (rank - Math.floor(size / 2));
    }
  });
  return tf.tensor(values, shape);
}

type Value = (xs: readonly tf.Tensor[]) => tf.Tensor;

/** Σ w·f(xs) with fixed random weights, so that no two outputs can be confused. */
function weighted(f: Value, next: () => number): (xs: readonly tf.Tensor[]) => tf.Scalar {
  let weights: tf.Tensor | undefined;
  return (xs) => {
    const y = f(xs);
    weights ??= tf.keep(draw(y.shape, 'apart', next));
    return tf.sum(tf.mul(weights, y));
  };
}

const tree = (xs: readonly tf.Tensor[]): TensorTree => Object.fromEntries(xs.entries());
const host = (t: tf.Tensor): Float32Array => t.dataSync<'float32'>();

/** Σ u·∇F with fixed random u: a function whose gradient holds every second derivative. */
function gradientProbe(f: Value, xs: readonly tf.Tensor[], next: () => number): Value {
  const probes = xs.map((x) => tf.keep(draw(x.shape, 'apart', next)));
  const loss = weighted(f, next);
  return (at) => {
    const { f: inner } = gradientsOf(() => ({ f: loss(at) }), { f: tree(at) });
    return tf.addN(
      leaves(inner.gradients).map((gradient, i) => tf.sum(tf.mul(gradient, probes[i]!))),
    );
  };
}

/**
 * The gradient of Σ w·f against central differences along random directions, with the error in h²
 * removed (Richardson). In float32 with h = 0.02 rounding leaves about 1e-5 of the size of f.
 */
function compare(f: Value, xs: readonly tf.Tensor[], next: () => number, tolerance: number): void {
  const loss = weighted(f, next);
  const { f: found } = gradientsOf(() => ({ f: loss(xs) }), { f: tree(xs) });
  const gradients = leaves(found.gradients);
  for (let repeat = 0; repeat < 2; repeat++) {
    const directions = xs.map((x) =>
      tf.tensor(
        Array.from({ length: x.size }, () => (next() < 0.5 ? -1 : 1) * (0.5 + next() / 2)),
        x.shape,
      ),
    );
    const at = (h: number): number =>
      host(loss(xs.map((x, i) => tf.add(x, tf.mul(directions[i]!, h)))))[0]!;
    const slope = (h: number): number => (at(h) - at(-h)) / (2 * h);
    const numeric = (4 * slope(0.01) - slope(0.02)) / 3;
    let analytic = 0;
    let scale = 0;
    gradients.forEach((gradient, i) => {
      const direction = host(directions[i]!);
      host(gradient).forEach((g, j) => {
        analytic += g * direction[j]!;
        scale += Math.abs(g * direction[j]!);
      });
    });
    expect(Math.abs(analytic - numeric) / Math.max(1, scale)).toBeLessThan(tolerance);
  }
}

/** Checks the first, and where asked the second, derivatives of f at random arguments. */
export function checkDerivatives(
  f: Value,
  args: readonly (readonly [shape: number[], how: Draw])[],
  {
    order = 2,
    seed = 1,
    tolerance = 5e-4,
  }: { order?: 1 | 2; seed?: number; tolerance?: number } = {},
): void {
  tf.tidy(() => {
    const next = uniforms(seed);
    const xs = args.map(([shape, how]) => draw(shape, how, next));
    compare(f, xs, next, tolerance);
    if (order === 2) compare(gradientProbe(f, xs, next), xs, next, tolerance);
  });
}
