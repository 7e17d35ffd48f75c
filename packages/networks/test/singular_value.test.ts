import { mapTree } from '@elbo/core';
import { key } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { contracted, largestSingularValue, mlp } from '../src/index.js';
import { mode, noise, read, useWasm } from './support.js';

beforeAll(useWasm);

describe('norms of kernels', () => {
  it('are found of a matrix of which they are known', () => {
    // A rotation by a third of a right angle, times 5 and 3 along the axes.
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    tf.tidy(() => {
      const matrix = tf.tensor2d([
        [5 * c, -3 * s],
        [5 * s, 3 * c],
      ]);
      expect(read(largestSingularValue(matrix))[0]).toBeCloseTo(5, 5);
    });
  });

  it('are cut down to the constant that a network must keep, and left alone where they are below', () => {
    tf.tidy(() => {
      const network = mlp({ hidden: [4, 4], output: 4, activation: 'linear' });
      const { params } = network.init(key(1), [4]);
      const x = noise(2, [20, 4]);
      /** What three layers of this many times a rotation, cut down, make of x, by its length. */
      const stretch = (times: number): number[] => {
        const turned = tf.tensor2d([
          [0, times, 0, 0],
          [0, 0, times, 0],
          [0, 0, 0, -times],
          [times, 0, 0, 0],
        ]);
        const of = mapTree(params, (leaf) => (leaf.rank === 2 ? turned : leaf));
        const y = network.apply(contracted(of, 0.8), mode, x);
        return read(tf.div(tf.norm(y, 2, 1), tf.norm(x, 2, 1)));
      };
      for (const by of stretch(5)) expect(by).toBeCloseTo(0.8, 5);
      for (const by of stretch(0.5)) expect(by).toBeCloseTo(0.125, 6);
    });
  });
});
