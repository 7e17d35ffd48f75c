import {
  createRegistry,
  disposeTree,
  flatten,
  leaves,
  pairNetworkCategory,
  ShapeError,
  unflatten,
  type Params,
} from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { conv, mlp, networkKinds, residual } from '@elbo/networks';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  concatDiscriminator,
  discriminatorKinds,
  headedDiscriminator,
  innerProductDiscriminator,
  residualDiscriminator,
  type DiscriminatorOptions,
  type PairNetwork,
} from '../src/index.js';
import { mode, noise, stirred, values } from './support.js';

const tower = mlp({ hidden: [5], activation: 'elu' });
const shape = [2, 2, 1] as const;

const discriminators: Readonly<Record<string, (options?: DiscriminatorOptions) => PairNetwork>> = {
  concat: (options) => concatDiscriminator({ hidden: [6, 5], ...options }),
  'inner product': (options) =>
    innerProductDiscriminator({ x: tower, z: tower, features: 3, ...options }),
  'inner product of images': (options) =>
    innerProductDiscriminator({
      x: conv({ filters: 2, kernel: 2, activation: 'elu' }),
      z: tower,
      features: 3,
      ...options,
    }),
  residual: (options) => residualDiscriminator({ width: 5, blocks: 2, ...options }),
  'residual of one layer': (options) =>
    residualDiscriminator({ width: 5, blocks: 2, layers: 1, activation: 'tanh', ...options }),
  headed: (options) =>
    headedDiscriminator({
      network: residual({ width: 5, blocks: 2, activation: 'elu' }),
      scale: 2,
      ...options,
    }),
};

const registry = createRegistry(...discriminatorKinds, ...networkKinds);
const data = (rows: number): tf.Tensor4D => noise(1, [rows, ...shape]);
const latents = (rows: number, seed = 2): tf.Tensor2D => noise(seed, [rows, 3]);

/** T of row i of x and row j of z. */
function pairAt(
  t: PairNetwork,
  params: Params,
  x: tf.Tensor,
  z: tf.Tensor,
  i: number,
  j: number,
): number {
  return values(t.apply(params, mode, tf.slice(x, i, 1), tf.slice(z, j, 1)))[0]!;
}

/** What T has of two x and two z that is no sum of a function of x and one of z. */
function interaction(t: PairNetwork, params: Params): number {
  const at = (i: number, j: number): number => pairAt(t, params, data(2), latents(2), i, j);
  return at(0, 0) - at(0, 1) - at(1, 0) + at(1, 1);
}

onBackends('every discriminator', () => {
  describe.each(Object.entries(discriminators))('%s', (_, make) => {
    const t = make();

    it('is zero everywhere at the start', () => {
      tf.tidy(() => {
        const { params, output } = t.init(key(3), shape, [3]);
        const made = t.apply(params, mode, data(4), latents(4));
        expect(output).toEqual([1]);
        expect(made.shape).toEqual([4, 1]);
        expect(values(made).every((value) => value === 0)).toBe(true);
      });
    });

    it('reaches every parameter there, and in three steps down a slope finds how x and z go together', () => {
      tf.tidy(() => {
        let { params } = t.init(key(3), shape, [3]);
        for (let step = 0; step < 3; step++) {
          const { p } = gradientsOf(
            () => ({
              p: tf.sum<tf.Scalar>(
                tf.mul(t.apply(params, mode, data(4), latents(4)), noise(4, [4, 1])),
              ),
            }),
            { p: params },
          );
          expect(p.unreached).toEqual([]);
          const slopes = flatten(p.gradients);
          params = unflatten(
            params,
            flatten(params).map(({ tensor }, n) => tf.sub(tensor, tf.mul(slopes[n]!.tensor, 0.1))),
          );
        }
        expect(Math.abs(interaction(t, params))).toBeGreaterThan(1e-4);
      });
    });

    it('is not zero at the start without `zeroOutput`', () => {
      tf.tidy(() => {
        const open = make({ zeroOutput: false });
        const { params } = open.init(key(3), shape, [3]);
        expect(values(open.apply(params, mode, data(4), latents(4))).every((v) => v !== 0)).toBe(
          true,
        );
      });
    });

    it('sees x, z and how they go together', () => {
      tf.tidy(() => {
        const params = stirred(t.init(key(3), shape, [3]).params);
        const [x, z] = [data(2), latents(2)];
        const at = (i: number, j: number): number => pairAt(t, params, x, z, i, j);
        expect(Math.abs(at(0, 0) - at(0, 1))).toBeGreaterThan(1e-3);
        expect(Math.abs(at(0, 0) - at(1, 0))).toBeGreaterThan(1e-3);
        expect(Math.abs(interaction(t, params))).toBeGreaterThan(1e-3);
      });
    });

    it('adds exactly ½‖z‖² with `priorQuadratic`', () => {
      tf.tidy(() => {
        const withPrior = make({ priorQuadratic: true });
        const params = stirred(t.init(key(3), shape, [3]).params);
        const [x, z] = [data(4), latents(4)];
        const half = tf.mul(tf.sum(tf.square(z), 1, true), 0.5);
        const expected = tf.add(t.apply(params, mode, x, z), half);
        expect(values(withPrior.apply(params, mode, x, z))).toEqual(values(expected));
      });
    });

    it('has the slope in z of a difference quotient', () => {
      tf.tidy(() => {
        const quadratic = make({ priorQuadratic: true });
        const params = stirred(t.init(key(3), shape, [3]).params);
        const x = data(4);
        const direction = latents(4, 8);
        const total = (z: tf.Tensor): tf.Scalar => tf.sum(quadratic.apply(params, mode, x, z));
        const along = (step: number): number =>
          values(total(tf.add(latents(4), tf.mul(direction, step))))[0]!;
        const z = latents(4);
        const { p } = gradientsOf(() => ({ p: total(z) }), { p: { z } });
        const tape = values(tf.sum(tf.mul(p.gradients.z as tf.Tensor, direction)))[0]!;
        const h = 4e-3;
        const quotient = (8 * (along(h) - along(-h)) - along(2 * h) + along(-2 * h)) / (12 * h);
        expect(Math.abs(tape - quotient)).toBeLessThan(3e-3 * Math.max(1, Math.abs(quotient)));
      });
    });

    it('is the same, to the bit, when built from its config', () => {
      tf.tidy(() => {
        const open = make({ zeroOutput: false, priorQuadratic: true });
        const again = registry.build(
          pairNetworkCategory,
          JSON.parse(JSON.stringify(open.config)) as typeof open.config,
        );
        expect(again.config).toEqual(open.config);
        const [a, b] = [open, again].map((each) =>
          each.apply(each.init(key(3), shape, [3]).params, mode, data(4), latents(4)),
        );
        expect(values(a!)).toEqual(values(b!));
      });
    });

    it('refuses pairs that are none: z as x, other rows, images as z', () => {
      tf.tidy(() => {
        const { kind } = t.config;
        const name = new RegExp(`^${kind.replace('-p', 'P')}Discriminator`);
        const { params } = t.init(key(3), shape, [3]);
        const z = latents(4);
        expect(() => t.apply(params, mode, z, z)).toThrow(/one and the same tensor/);
        expect(() => t.apply(params, mode, data(3), z)).toThrow(ShapeError);
        expect(() => t.apply(params, mode, data(3), z)).toThrow(name);
        expect(() => t.init(key(3), shape, [3, 1])).toThrow(name);
        expect(() => t.init(key(3), [0], [3])).toThrow(name);
      });
    });

    it('makes parameters, and nothing else that lives on', () => {
      const before = tf.memory().numTensors;
      const { params } = t.init(key(3), shape, [3]);
      expect(tf.memory().numTensors - before).toBe(leaves(params).length);
      disposeTree(params);
    });
  });

  it('frees what it made when a later part does not fit', () => {
    const before = tf.memory().numTensors;
    const t = innerProductDiscriminator({
      x: tower,
      z: conv({ filters: 1, kernel: 1 }),
      features: 2,
    });
    expect(() => t.init(key(3), shape, [3])).toThrow(
      /innerProductDiscriminator › z › trunk › conv/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

onBackends('innerProductDiscriminator', () => {
  it('gives the same of x once for several z as of each pair, to the bit', () => {
    tf.tidy(() => {
      const t = innerProductDiscriminator({
        x: tower,
        z: tower,
        features: 3,
        priorQuadratic: true,
      });
      const params = stirred(t.init(key(3), shape, [3]).params);
      const of = t.given!(params, mode, data(4));
      for (const z of [latents(4), latents(4, 5)])
        expect(values(of(z))).toEqual(values(t.apply(params, mode, data(4), z)));
    });
  });

  it('is a matrix of rank `features` over all pairs, but for a function of x and one of z', () => {
    tf.tidy(() => {
      const t = innerProductDiscriminator({ x: tower, z: tower, features: 1 });
      const params = stirred(t.init(key(3), shape, [3]).params);
      const at = (i: number, j: number): number => pairAt(t, params, data(3), latents(3), i, j);
      // Interactions against the first row and column: rank 1, so every 2 × 2 determinant vanishes.
      const against = (i: number, j: number): number => at(i, j) - at(i, 0) - at(0, j) + at(0, 0);
      const [a, b, c, d] = [against(1, 1), against(1, 2), against(2, 1), against(2, 2)];
      expect(Math.abs(a)).toBeGreaterThan(1e-2);
      expect(Math.abs(a * d - b * c)).toBeLessThan(1e-4 * (Math.abs(a * d) + Math.abs(b * c)));
    });
  });
});

onBackends('headedDiscriminator', () => {
  const t = headedDiscriminator({ network: tower, scale: 8, priorQuadratic: true });
  const codes = (): tf.Tensor2D => tf.eye(4);

  it('gives of every code at once what it gives of each with z', () => {
    tf.tidy(() => {
      const params = stirred(t.init(key(3), shape, [3]).params);
      const z = latents(5);
      const every = t.everyCode(params, mode, z);
      expect(every.shape).toEqual([5, 4]);
      for (let code = 0; code < 4; code++) {
        const x = tf.reshape(tf.tile(tf.slice(codes(), code, 1), [5, 1]), [5, ...shape]);
        const column = values(tf.slice(every, [0, code], [5, 1]));
        values(t.apply(params, mode, x, z)).forEach((value, row) => {
          expect(value).toBeCloseTo(column[row]!, 4);
        });
      }
    });
  });

  it('trains all heads by `everyCode`, and by a pair only the head of its code', () => {
    tf.tidy(() => {
      const params = stirred(t.init(key(3), shape, [3]).params);
      const slopes = (loss: () => tf.Tensor): number[] => {
        const { p } = gradientsOf(() => ({ p: tf.sum<tf.Scalar>(loss()) }), { p: params });
        return values((p.gradients.heads as { bias: tf.Tensor }).bias);
      };
      const x = tf.reshape(tf.slice(codes(), 2, 1), [1, ...shape]);
      expect(slopes(() => t.everyCode(params, mode, latents(1)))).toEqual([1, 1, 1, 1]);
      expect(slopes(() => t.apply(params, mode, x, latents(1)))).toEqual([0, 0, 1, 0]);
    });
  });

  it('scales z before its network', () => {
    tf.tidy(() => {
      const [one, eight] = [1, 8].map((scale) => headedDiscriminator({ network: tower, scale }));
      const params = stirred(one!.init(key(3), shape, [3]).params);
      const x = tf.reshape(tf.slice(codes(), 2, 1), [1, ...shape]);
      const z = latents(1);
      expect(values(eight!.apply(params, mode, x, z))).toEqual(
        values(one!.apply(params, mode, x, tf.mul(z, 8))),
      );
    });
  });

  it('refuses data of another size than its heads', () => {
    tf.tidy(() => {
      const { params } = t.init(key(3), shape, [3]);
      expect(() => t.apply(params, mode, tf.zeros([2, 5]), latents(2))).toThrow(ShapeError);
    });
  });
});
