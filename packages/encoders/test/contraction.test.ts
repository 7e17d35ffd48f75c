import type { Params } from '@elbo/core';
import { mlp } from '@elbo/networks';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { contracted, normBound } from '../src/contraction.js';
import { latents, mode, slopes, values } from './support.js';

onBackends('normBound', () => {
  const boundOf = (rows: number[][]): number =>
    tf.tidy(() => values(normBound(tf.tensor2d(rows)))[0]!);

  it.each([
    [
      'a rotation of two axes',
      [
        [4, -1.8],
        [3, 2.4],
      ],
      5,
    ],
    // What looks for it by powers of a start of equal parts never sees the larger one.
    [
      'a direction at right angles to equal parts',
      [
        [5.5, -4.5],
        [-4.5, 5.5],
      ],
      10,
    ],
    ['fewer inputs than units', [[3, 0, 4, 0]], 5],
    ['more inputs than units', [[3], [0], [4]], 5],
    [
      'equal ones',
      [
        [2, 0, 0],
        [0, 2, 0],
        [0, 0, 2],
      ],
      2,
    ],
    ['nothing', [[0, 0]], 0],
  ])('is the largest singular value or little more: %s', (_name, rows, exact) => {
    const bound = boundOf(rows);
    expect(bound).toBeGreaterThan(exact * (1 - 1e-5) - 1e-12);
    const side = Math.min(rows.length, rows[0]!.length);
    expect(bound).toBeLessThan(exact * side ** (1 / 256) * (1 + 1e-5) + 1e-12);
  });

  it('has the slope of the difference quotient', () => {
    const kernel = tf.tidy(() =>
      tf.concat([tf.mul(latents(1, 8), 3), tf.mul(latents(4, 9), 0.5)], 0),
    );
    const { tape, difference } = slopes({ kernel }, (params) =>
      normBound(params.kernel as tf.Tensor2D),
    );
    expect(Math.abs(difference)).toBeGreaterThan(0.02);
    expect(Math.abs(tape - difference)).toBeLessThan(0.02 * Math.abs(difference));
    kernel.dispose();
  });
});

onBackends('contracted', () => {
  it('cuts three turns down to the constant, and leaves alone what is below it, and other inputs', () => {
    tf.tidy(() => {
      const network = mlp({ hidden: [3, 3], output: 3, activation: 'linear' });
      const { params } = network.init(key(1), [5]);
      /** How much three layers of this many times a turn stretch changes of the middle inputs, and what they make of others. */
      const made = (times: number) => {
        const turn = tf.tensor2d([
          [0, times, 0],
          [0, 0, -times],
          [times, 0, 0],
        ]);
        const beside = tf.ones([1, 3]);
        const layers = Object.fromEntries(
          Object.entries(params as Readonly<Record<string, Params>>).map(([name, layer]) => {
            const kernel = name === 'dense_0' ? tf.concat([beside, turn, beside]) : turn;
            return [name, { ...layer, kernel }];
          }),
        );
        const cut = contracted(layers, { constant: 0.8, begin: 1, count: 3 });
        const input = tf.pad(latents(6, 4), [
          [0, 0],
          [1, 1],
        ]);
        const length = (tensor: tf.Tensor): tf.Tensor => tf.norm(tensor, 2, 1);
        const stretch = tf.div(length(network.apply(cut, mode, input)), length(input));
        const first = (cut.dense_0 as { kernel: tf.Tensor2D }).kernel;
        const others = tf.concat([
          tf.slice(first, [0, 0], [1, 3]),
          tf.slice(first, [4, 0], [1, 3]),
        ]);
        return { stretch: values(stretch), others: values(others) };
      };
      const large = made(5);
      for (const by of large.stretch) {
        expect(by).toBeLessThan(0.8 + 1e-5);
        expect(by).toBeGreaterThan(0.8 / 3 ** (3 / 256) - 1e-5);
      }
      expect(large.others).toEqual([1, 1, 1, 1, 1, 1]);
      for (const by of made(0.5).stretch) expect(by).toBeCloseTo(0.125, 6);
    });
  });
});
