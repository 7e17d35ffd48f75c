import {
  createRegistry,
  mapTree,
  networkCategory,
  pairNetworkCategory,
  tensorAt,
  type Network,
  type Params,
} from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { conv, dense, networkKinds } from '@elbo/networks';
import { key, normal } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  denseDiscriminator,
  discriminatorKinds,
  innerProductDiscriminator,
  projectionDiscriminator,
  spectralNorm,
} from '../src/index.js';
import { mode, noise, stirred, values } from './support.js';

/** What the norms may exceed 1 by: the documented shortfall of 20 iterations. */
const tolerance = 0.05;

/** The largest singular value of a map of vectors and its transpose, by power iteration in doubles. */
function norm(
  size: number,
  map: (x: Float64Array) => Float64Array,
  back: (y: Float64Array) => Float64Array,
  iterations = 1000,
): number {
  let x = Float64Array.from(normal(key(5), size));
  let length = 0;
  for (let i = 0; i < iterations; i++) {
    const next = back(map(x));
    length = Math.hypot(...next);
    x = next.map((value) => value / length);
  }
  return Math.sqrt(length);
}

/** That of a matrix, row by row. */
function matrixNorm(matrix: readonly number[], columns: number): number {
  const rows = matrix.length / columns;
  return norm(
    columns,
    (x) =>
      Float64Array.from({ length: rows }, (_, i) =>
        x.reduce((sum, value, j) => sum + matrix[i * columns + j]! * value, 0),
      ),
    (y) =>
      Float64Array.from({ length: columns }, (_, j) =>
        y.reduce((sum, value, i) => sum + matrix[i * columns + j]! * value, 0),
      ),
    300,
  );
}

/** The matrix of a linear network without a bias. */
const matrixOf = (network: Network, params: Params, input: readonly number[]): number[] => {
  const size = input.reduce((a, b) => a * b, 1);
  return values(network.apply(params, mode, tf.reshape(tf.eye(size), [size, ...input])));
};

onBackends('spectralNorm', () => {
  it.each([
    [1, 1],
    [2, 30],
    [3, 0.02],
  ])('a dense kernel has norm 1: drawn with key %i, times %f', (seed, scale) => {
    tf.tidy(() => {
      const network = spectralNorm(dense({ units: 40 }));
      const drawn = network.init(key(seed), [60]).params;
      const params = mapTree(drawn, (leaf) => tf.mul(leaf, scale));
      const found = matrixNorm(matrixOf(network, params, [60]), 40);
      expect(found).toBeLessThanOrEqual(1 + tolerance);
      expect(found).toBeGreaterThan(1 - 1e-5);
    });
  });

  it('a kernel of one direction has norm 1 to the last bits', () => {
    tf.tidy(() => {
      const network = spectralNorm(dense({ units: 7 }), { iterations: 1 });
      const kernel = tf.matMul(noise<tf.Rank.R2>(1, [5, 1]), noise<tf.Rank.R2>(2, [1, 7]));
      const made = matrixOf(network, { kernel, bias: tf.zeros([7]) }, [5]);
      expect(matrixNorm(made, 7)).toBeCloseTo(1, 5);
    });
  });

  it("a convolution's kernel has norm 1 as a matrix, and the convolution ⌈k / stride⌉ at most", () => {
    tf.tidy(() => {
      const image = [6, 6, 2] as const;
      for (const [stride, most] of [
        [1, 3],
        [2, 2],
        [3, 1],
      ] as const) {
        const network = spectralNorm(conv({ filters: 4, kernel: 3, stride }));
        const { params } = network.init(key(4), image);
        const patches = spectralNorm(conv({ filters: 4, kernel: 3, padding: 'valid' }));
        expect(matrixNorm(matrixOf(patches, params, [3, 3, 2]), 4)).toBeLessThanOrEqual(
          1 + tolerance,
        );
        const whole = matrixOf(network, params, image);
        expect(matrixNorm(whole, whole.length / 72)).toBeLessThanOrEqual(most * (1 + tolerance));
      }
    });
  });

  it('a critic of dense layers stretches no distance', () => {
    tf.tidy(() => {
      const critic = spectralNorm(denseDiscriminator({ hidden: [32, 32] }));
      const params = mapTree(stirred(critic.init(key(6), [8]).params), (leaf) => tf.mul(leaf, 5));
      const [a, b] = [noise<tf.Rank.R2>(7, [200, 8]), noise<tf.Rank.R2>(8, [200, 8])];
      const [p, q] = [a, b].map((x) => values(critic.apply(params, mode, x)));
      const distances = values(tf.norm(tf.sub(a, b), 'euclidean', 1));
      const slopes = distances.map((distance, i) => Math.abs(p![i]! - q![i]!) / distance);
      expect(Math.max(...slopes)).toBeLessThanOrEqual((1 + tolerance) ** 3);
      expect(Math.max(...slopes)).toBeGreaterThan(0.01);
    });
  });

  it('has the gradient of a difference quotient, through the norm too', () => {
    tf.tidy(() => {
      // Converged, so that the singular vectors do not move with the kernel to first order.
      const network = spectralNorm(dense({ units: 3 }), { iterations: 100 });
      const { params } = network.init(key(9), [4]);
      const direction = noise<tf.Rank.R2>(10, [4, 3]);
      const total = (kernel: tf.Tensor): tf.Scalar =>
        tf.sum(
          tf.mul(
            network.apply({ ...params, kernel }, mode, noise<tf.Rank.R2>(11, [5, 4])),
            noise(12, [5, 3]),
          ),
        );
      const kernel = tensorAt(params, 'kernel');
      const { p } = gradientsOf(() => ({ p: total(kernel) }), { p: { kernel } });
      const tape = values(tf.sum(tf.mul(p.gradients.kernel as tf.Tensor, direction)))[0]!;
      const along = (step: number): number =>
        values(total(tf.add(kernel, tf.mul(direction, step))))[0]!;
      const h = 4e-3;
      const quotient = (8 * (along(h) - along(-h)) - along(2 * h) + along(-2 * h)) / (12 * h);
      expect(Math.abs(tape - quotient)).toBeLessThan(3e-3 * Math.max(1, Math.abs(quotient)));
      // Along the kernel itself nothing changes, as the norm takes every scale out.
      expect(
        Math.abs(values(tf.sum(tf.mul(p.gradients.kernel as tf.Tensor, kernel)))[0]!),
      ).toBeLessThan(1e-4);
    });
  });

  it('a kernel that begins at zero makes zeros, and has a finite gradient', () => {
    tf.tidy(() => {
      const critic = spectralNorm(denseDiscriminator({ hidden: [4], zeroOutput: true }));
      const { params } = critic.init(key(6), [3]);
      const x = noise<tf.Rank.R2>(7, [5, 3]);
      expect(values(critic.apply(params, mode, x)).every((value) => value === 0)).toBe(true);
      const { p } = gradientsOf(() => ({ p: tf.sum<tf.Scalar>(critic.apply(params, mode, x)) }), {
        p: params,
      });
      const slope = values(tensorAt(p.gradients, 'output/kernel'));
      expect(slope.every(Number.isFinite)).toBe(true);
      expect(slope.some((value) => value !== 0)).toBe(true);
    });
  });

  it('normalises whatever else a network can do, and is built from its config', () => {
    tf.tidy(() => {
      const registry = createRegistry(...discriminatorKinds, ...networkKinds);
      const body = dense({ units: 4 });
      const critic = spectralNorm(denseDiscriminator({ hidden: [4] }));
      const { params } = critic.init(key(6), [3]);
      const doubled = mapTree(params, (leaf) => tf.mul(leaf, 2));
      const x = noise<tf.Rank.R2>(7, [5, 3]);
      values(critic.features(doubled, mode, x)).forEach((value, i) => {
        expect(value).toBeCloseTo(values(critic.features(params, mode, x))[i]!, 5);
      });
      const pair = spectralNorm(innerProductDiscriminator({ x: body, z: body, features: 2 }));
      const pairParams = stirred(pair.init(key(6), [3], [3]).params);
      const z = noise<tf.Rank.R2>(8, [5, 3]);
      expect(values(pair.given!(pairParams, mode, x)(z))).toEqual(
        values(pair.apply(pairParams, mode, x, z)),
      );
      expect(registry.build(networkCategory, critic.config).config).toEqual(critic.config);
      const conditional = spectralNorm(projectionDiscriminator({ network: body }));
      expect(registry.build(pairNetworkCategory, conditional.config).config).toEqual(
        conditional.config,
      );
    });
  });

  it('needs an iteration', () => {
    expect(() => spectralNorm(dense({ units: 1 }), { iterations: 0 })).toThrow(/iterations/);
  });
});
