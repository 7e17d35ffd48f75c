import { createRegistry, networkCategory, type Network } from '@elbo/core';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { discriminatorKinds, minibatchDeviation, minibatchDiscrimination } from '../src/index.js';
import { mode, noise, values } from './support.js';

const added = (network: Network, x: tf.Tensor2D): number[] => {
  const { params, output } = network.init(key(1), [x.shape[1]]);
  const more = output[0]! - x.shape[1];
  const y = network.apply(params, mode, x) as tf.Tensor2D;
  expect(values(tf.slice(y, [0, 0], x.shape))).toEqual(values(x));
  return values(tf.slice(y, [0, x.shape[1]], [-1, more]));
};

onBackends('minibatchDeviation', () => {
  it('adds the mean over features of their standard deviations over the rows', () => {
    tf.tidy(() => {
      // Deviations 1 and 3.
      for (const value of added(
        minibatchDeviation(),
        tf.tensor2d([
          [0, 1],
          [2, 7],
        ]),
      ))
        expect(value).toBeCloseTo(2, 5);
    });
  });

  it('adds next to nothing to rows that are all alike, and one channel to images', () => {
    tf.tidy(() => {
      for (const value of added(minibatchDeviation(), tf.ones([4, 3])))
        expect(value).toBeLessThan(2e-4);
      const images = minibatchDeviation();
      expect(images.init(key(1), [2, 2, 3]).output).toEqual([2, 2, 4]);
      expect(images.apply({}, mode, noise(1, [5, 2, 2, 3])).shape).toEqual([5, 2, 2, 4]);
    });
  });
});

onBackends('minibatchDiscrimination', () => {
  const layer = minibatchDiscrimination({ kernels: 3, dims: 2 });

  it('is 1 where all rows are alike, and one over their number where they are far apart', () => {
    tf.tidy(() => {
      for (const value of added(layer, tf.ones([4, 3]))) expect(value).toBeCloseTo(1, 5);
      for (const value of added(layer, tf.mul(noise(2, [4, 3]), 1e4)))
        expect(value).toBeCloseTo(0.25, 5);
    });
  });

  it('does not depend on how often the minibatch is repeated', () => {
    tf.tidy(() => {
      const x = noise<tf.Rank.R2>(2, [4, 3]);
      const twice = added(layer, tf.concat([x, x], 0)).slice(0, 12);
      added(layer, x).forEach((value, i) => {
        expect(twice[i]).toBeCloseTo(value, 5);
      });
    });
  });

  it('refuses what it cannot compare', () => {
    expect(() => layer.init(key(1), [2, 2, 1])).toThrow(/flatten/);
    expect(() => minibatchDiscrimination({ kernels: 0, dims: 1 })).toThrow(/whole numbers from 1/);
  });
});

describe('layers that see a whole minibatch', () => {
  it.each([minibatchDeviation(), minibatchDiscrimination({ kernels: 2, dims: 3 })])(
    '$config.kind says that it is coupled, and is built from its config',
    (network) => {
      expect(network.coupling).toMatchObject({ least: 2 });
      const again = createRegistry(...discriminatorKinds).build(networkCategory, network.config);
      expect(again.config).toEqual(network.config);
    },
  );
});
