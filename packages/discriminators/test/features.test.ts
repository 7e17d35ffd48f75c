import {
  createRegistry,
  leaves,
  networkCategory,
  pairNetworkCategory,
  tensorAt,
  type Params,
} from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { joined, mlp, networkKinds, sequential } from '@elbo/networks';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  convDiscriminator,
  denseDiscriminator,
  discriminator,
  discriminatorKinds,
  headedDiscriminator,
  innerProductDiscriminator,
  minibatchDeviation,
  projectionDiscriminator,
  spectralNorm,
  type Discriminator,
  type ProjectionDiscriminator,
} from '../src/index.js';
import { mode, noise, stirred, values } from './support.js';

const registry = createRegistry(...discriminatorKinds, ...networkKinds);
const shape = [4, 4, 1] as const;
const data = (rows: number): tf.Tensor4D => noise(1, [rows, ...shape]);
const network = mlp({ hidden: [6], activation: 'leakyRelu' });
const classes = (...of: number[]): tf.Tensor2D =>
  tf.cast<tf.Tensor2D>(tf.oneHot(of, 3) as tf.Tensor2D, 'float32');

const ofOne: Readonly<Record<string, (zeroOutput?: boolean) => Discriminator>> = {
  dense: (zeroOutput = false) => denseDiscriminator({ hidden: [6, 5], zeroOutput }),
  convolutional: (zeroOutput = false) =>
    convDiscriminator({ filters: [2, 3], units: 5, zeroOutput }),
};

/** w · φ + b of what a discriminator says are its features. */
function onFeatures(d: Pick<Discriminator, 'features'>, params: Params, x: tf.Tensor): tf.Tensor {
  const kernel = tensorAt<tf.Rank.R2>(params, 'output/kernel');
  const product: tf.Tensor = tf.matMul(d.features(params, mode, x), kernel);
  return tf.add(product, tensorAt(params, 'output/bias'));
}

onBackends('a discriminator of one input', () => {
  describe.each(Object.entries(ofOne))('%s', (_, make) => {
    it('is linear on its features, and every parameter is reached', () => {
      tf.tidy(() => {
        const d = make();
        const { params, output } = d.init(key(3), shape);
        const scores = d.apply(params, mode, data(4));
        expect(output).toEqual([1]);
        expect(scores.shape).toEqual([4, 1]);
        expect(values(scores)).toEqual(values(onFeatures(d, params, data(4))));
        const { p } = gradientsOf(
          () => ({ p: tf.sum<tf.Scalar>(d.apply(params, mode, data(4))) }),
          { p: params },
        );
        expect(p.unreached).toEqual([]);
      });
    });

    it('is zero at the start with `zeroOutput`, and only then', () => {
      tf.tidy(() => {
        const start = (d: Discriminator): number[] =>
          values(d.apply(d.init(key(3), shape).params, mode, data(4)));
        expect(start(make(true)).every((score) => score === 0)).toBe(true);
        expect(start(make()).every((score) => score !== 0)).toBe(true);
      });
    });

    it('is the same, to the bit, when built from its config', () => {
      tf.tidy(() => {
        const d = make();
        const again = registry.build(
          networkCategory,
          JSON.parse(JSON.stringify(d.config)) as typeof d.config,
        );
        expect(again.config).toEqual(d.config);
        const [a, b] = [d, again].map((each) =>
          values(each.apply(each.init(key(3), shape).params, mode, data(4))),
        );
        expect(a).toEqual(b);
      });
    });
  });

  it('leaves nothing behind where its network does not fit', () => {
    const before = tf.memory().numTensors;
    expect(() => convDiscriminator().init(key(1), [5])).toThrow(/discriminator › body › .*conv/);
    expect(tf.memory().numTensors).toBe(before);
    const { params } = ofOne.dense!().init(key(1), shape);
    expect(tf.memory().numTensors - before).toBe(leaves(params).length);
    tf.dispose(params);
  });
});

onBackends('projectionDiscriminator', () => {
  const d: ProjectionDiscriminator = projectionDiscriminator({ network });
  const at = (params: Params, x: tf.Tensor, ...of: number[]): number[] =>
    values(d.apply(params, mode, x, classes(...of)));

  it('scores two classes of one x apart by ⟨V(c − c′), φ(x)⟩', () => {
    tf.tidy(() => {
      const params = stirred(d.init(key(3), shape, [3]).params);
      const x = data(4);
      const directions = tf.sub(classes(0, 0, 1, 2), classes(1, 2, 2, 0));
      const expected = values(
        tf.sum(
          tf.mul(
            tf.matMul(directions, tensorAt<tf.Rank.R2>(params, 'classes/kernel')),
            d.features(params, mode, x),
          ),
          1,
        ),
      );
      const [first, second] = [at(params, x, 0, 0, 1, 2), at(params, x, 1, 2, 2, 0)];
      expected.forEach((gap, row) => {
        expect(first[row]! - second[row]!).toBeCloseTo(gap, 4);
        expect(Math.abs(gap)).toBeGreaterThan(1e-3);
      });
    });
  });

  it('reaches every parameter, and is the same when built from its config', () => {
    tf.tidy(() => {
      const { params } = d.init(key(3), shape, [3]);
      const c = classes(0, 1, 2, 0);
      const { p } = gradientsOf(
        () => ({ p: tf.sum<tf.Scalar>(d.apply(params, mode, data(4), c)) }),
        { p: params },
      );
      expect(p.unreached).toEqual([]);
      const again = registry.build(pairNetworkCategory, d.config);
      expect(again.config).toEqual(d.config);
      expect(values(again.apply(params, mode, data(4), c))).toEqual(
        at(params, data(4), 0, 1, 2, 0),
      );
    });
  });

  it('refuses classes that are no vectors', () => {
    expect(() => d.init(key(3), shape, [3, 1])).toThrow(/projectionDiscriminator/);
  });
});

describe('coupling', () => {
  it('is passed on by what is made of a coupled network', () => {
    const coupled = sequential([network, minibatchDeviation()]);
    const made = [
      coupled,
      joined(coupled),
      spectralNorm(coupled),
      discriminator({ network: coupled }),
      projectionDiscriminator({ network: coupled }),
      headedDiscriminator({ network: coupled }),
      innerProductDiscriminator({ x: network, z: coupled, features: 2 }),
    ];
    expect(made.map(({ coupling }) => coupling?.least)).toEqual(made.map(() => 2));
    expect(discriminator({ network }).coupling).toBeUndefined();
  });
});
