import { ConfigError, leaves } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { mixtureEncoder } from '../src/index.js';
import { data, posteriorOf, shape, stirred, values } from './support.js';

onBackends('mixtureEncoder', () => {
  const encoder = mixtureEncoder({ classes: 3, continuous: 2 });
  const made = (rows: number) => {
    const params = stirred(encoder.init(key(3), shape));
    return { params, q: posteriorOf(encoder, params, data(rows)) };
  };

  it('draws each class as often as it is probable, and then from its normal', () => {
    tf.tidy(() => {
      const { q } = made(1);
      const { means, logVars } = q as unknown as Record<'means' | 'logVars', tf.Tensor2D>;
      const draws = 20_000;
      const z = values(q.sample(key(1), draws));
      const probabilities = values(q.probabilities);
      for (let y = 0; y < 3; y++) {
        const rows = Array.from({ length: draws }, (_, i) => z.slice(5 * i, 5 * i + 5)).filter(
          (row) => row[y] === 1,
        );
        const p = probabilities[y]!;
        expect(Math.abs(rows.length / draws - p)).toBeLessThan(
          4 * Math.sqrt((p * (1 - p)) / draws),
        );
        for (const d of [0, 1]) {
          const mean = rows.reduce((sum, row) => sum + row[3 + d]!, 0) / rows.length;
          const sd = Math.exp(values(logVars)[2 * y + d]! / 2);
          expect(Math.abs(mean - values(means)[2 * y + d]!)).toBeLessThan(
            (4 * sd) / Math.sqrt(rows.length),
          );
        }
      }
    });
  });

  it('enumerates: one draw of every class for every row, whose densities are of class and draw', () => {
    tf.tidy(() => {
      const { q } = made(2);
      const z = q.ofEveryClass(key(1));
      expect(z.shape).toEqual([6, 5]);
      const classes = values(tf.slice(z, [0, 0], [-1, 3]));
      const expected = [0, 0, 1, 1, 2, 2].flatMap((y) => [0, 1, 2].map((c) => (c === y ? 1 : 0)));
      expect(classes).toEqual(expected);
      const { means, logVars } = q as unknown as Record<'means' | 'logVars', tf.Tensor2D>;
      const [m, v, s, p] = [means, logVars, z, q.probabilities].map(values);
      values(q.logProb(z)).forEach((value, i) => {
        const [y, row] = [Math.floor(i / 2), i % 2];
        const normals = [0, 1].map((d) => {
          const logVar = v![row * 6 + 2 * y + d]!;
          const centred = s![5 * i + 3 + d]! - m![row * 6 + 2 * y + d]!;
          return -0.5 * (Math.log(2 * Math.PI) + logVar + centred ** 2 / Math.exp(logVar));
        });
        const exact = Math.log(p![2 * y + row]!) + normals[0]! + normals[1]!;
        expect(value).toBeCloseTo(exact, 4);
      });
    });
  });

  it('has no gradient to the encoder, once detached', () => {
    tf.tidy(() => {
      const { params } = made(1);
      const { p } = gradientsOf(
        () => {
          const q = posteriorOf(encoder, params, data(2));
          const z = tf.tensor2d([1, 0, 0, 0.5, 1, 0, 0, 1, 1, 2], [2, 5]);
          return { p: tf.sum<tf.Scalar>(q.detach().logProb(z)) };
        },
        { p: params },
      );
      expect(p.unreached).toHaveLength(leaves(params).length);
    });
  });

  it('refuses options that make no mixture', () => {
    expect(() => mixtureEncoder({ classes: 0, continuous: 2 })).toThrow(ConfigError);
  });
});
