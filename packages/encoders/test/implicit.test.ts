import { ConfigError, type Params } from '@elbo/core';
import type { AnyEncoder } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { anchoredEncoder, basisEncoder, gaussianEncoder, implicitEncoder } from '../src/index.js';
import {
  data,
  edited,
  latents,
  posteriorOf,
  shape,
  stirred,
  values,
  withoutLast,
} from './support.js';

/** Fails unless `mean` and `logVar` fit `draws` draws of z, both within four standard errors of their difference. */
function expectMoments(
  q: ReturnType<typeof posteriorOf>,
  { draws, momentSamples }: { draws: number; momentSamples: number },
): void {
  const z = q.sample(key(21), draws);
  const dims = z.shape[1];
  for (let d = 0; d < dims; d++) {
    const column = values(tf.slice(z, [0, d], [-1, 1]));
    const moment = (power: number, about: number): number =>
      column.reduce((sum, value) => sum + (value - about) ** power, 0) / draws;
    const mean = moment(1, 0);
    const variance = moment(2, mean);
    const both = 1 / draws + 1 / momentSamples;
    const meanError = Math.sqrt(variance * both);
    const varianceError = Math.sqrt((moment(4, mean) - variance ** 2) * both);
    expect(Math.abs(values(q.mean)[d]! - mean)).toBeLessThan(4 * meanError);
    expect(Math.abs(Math.exp(values(q.logVar)[d]!) - variance)).toBeLessThan(4 * varianceError);
  }
}

onBackends('implicitEncoder', () => {
  it('adds normal noise of standard deviation `outputNoise`, and nothing else', () => {
    tf.tidy(() => {
      const made = [0, 0.25].map((outputNoise) => {
        const encoder = implicitEncoder({ latent: 3, noise: 2, hidden: [4], outputNoise });
        return posteriorOf(encoder, encoder.init(key(3), shape), data(1)).sample(key(1), 5000);
      });
      const added = values(tf.sub(made[1]!, made[0]!));
      const variance = added.reduce((sum, value) => sum + value ** 2, 0) / added.length;
      // The standard error of a normal's variance is σ² √(2 / n).
      expect(Math.abs(variance - 0.0625)).toBeLessThan(4 * 0.0625 * Math.sqrt(2 / added.length));
    });
  });

  it.each(['input', 'layers'] as const)(
    'has moments of its draws, with noise in the %s',
    (inject) => {
      tf.tidy(() => {
        const momentSamples = 4000;
        const encoder = implicitEncoder({
          latent: 3,
          noise: 2,
          hidden: [6, 5],
          inject,
          momentSamples,
        });
        const params = stirred(encoder.init(key(3), shape));
        expectMoments(posteriorOf(encoder, params, data(1)), { draws: 8000, momentSamples });
      });
    },
  );

  it('keeps the log variance finite where z does not vary: the floor is 1e-8', () => {
    tf.tidy(() => {
      const encoder = implicitEncoder({ latent: 3, noise: 2, hidden: [4] });
      const params = edited(encoder.init(key(3), shape), (_, leaf) => tf.zerosLike(leaf));
      const { logVar } = posteriorOf(encoder, params, data(2));
      values(logVar).forEach((value) => {
        expect(value).toBeCloseTo(Math.log(1e-8), 4);
      });
    });
  });

  it('computes its moments when they are read, and once, or again when a scope has freed them', () => {
    tf.tidy(() => {
      const encoder = implicitEncoder({ latent: 3, noise: 2, hidden: [4] });
      const posterior = posteriorOf(encoder, encoder.init(key(3), shape), data(2));
      const before = tf.memory().numTensors;
      Object.values(posterior);
      expect(tf.memory().numTensors).toBe(before);

      const inScope = tf.tidy(() => values(posterior.mean));
      const { mean } = posterior;
      expect(mean.isDisposed).toBe(false);
      expect(values(mean)).toEqual(inScope);
      expect(posterior.mean).toBe(mean);
    });
  });

  it('refuses options that make no posterior', () => {
    const options = { latent: 2, noise: 1, hidden: [4] };
    expect(() => implicitEncoder({ ...options, hidden: [] })).toThrow(ConfigError);
    expect(() => implicitEncoder({ ...options, noise: 0 })).toThrow(/'noise' must be/);
    expect(() => implicitEncoder({ ...options, momentSamples: 1 })).toThrow(/'momentSamples'/);
    expect(() => implicitEncoder({ ...options, outputNoise: -1 })).toThrow(/'outputNoise'/);
  });
});

onBackends('basisEncoder', () => {
  it.each([{ outputNoise: 0 }, { outputNoise: 0.7 }, { outputNoise: 0, noise: 4, residual: true }])(
    'has moments of its draws, with %j',
    (form) => {
      tf.tidy(() => {
        const momentSamples = 4000;
        const encoder = basisEncoder({
          latent: 3,
          basis: 3,
          noise: 2,
          hidden: [5],
          momentSamples,
          ...form,
        });
        const params = stirred(encoder.init(key(3), shape));
        expectMoments(posteriorOf(encoder, params, data(1)), { draws: 8000, momentSamples });
      });
    },
  );

  it('starts as a normal with `residual`', () => {
    tf.tidy(() => {
      const draws = 20_000;
      const encoder = basisEncoder({ latent: 2, basis: 3, noise: 4, hidden: [5], residual: true });
      const q = posteriorOf(encoder, encoder.init(key(3), shape), data(1));
      const z = tf.reshape(q.sample(key(5), draws), [draws, 2]);
      const { mean, variance } = tf.moments(z, 0);
      const standard = tf.div(tf.sub(z, mean), tf.sqrt(variance));
      const [skewness, kurtosis] = [3, 4].map((power) =>
        values(tf.mean(tf.pow(standard, power), 0)),
      );
      // Within four standard errors of a normal's: √(6/n) and √(24/n).
      for (const d of [0, 1]) {
        expect(Math.abs(skewness![d]!)).toBeLessThan(4 * Math.sqrt(6 / draws));
        expect(Math.abs(kurtosis![d]! - 3)).toBeLessThan(4 * Math.sqrt(24 / draws));
      }
    });
  });

  it('needs noise for every dimension of z with `residual`', () => {
    expect(() =>
      basisEncoder({ latent: 5, basis: 1, noise: 4, hidden: [5], residual: true }),
    ).toThrow("'noise' must be at least 5, not 4");
  });

  it('has the same moments for a row whatever batch it is in', () => {
    tf.tidy(() => {
      const encoder = basisEncoder({ latent: 3, basis: 3, noise: 2, hidden: [5] });
      const params = stirred(encoder.init(key(3), shape));
      const x = data(4);
      const [all, one] = [x, tf.slice(x, 2, 1)].map((rows) => posteriorOf(encoder, params, rows));
      const row = values(tf.slice(all!.logVar, 2, 1));
      values(one!.logVar).forEach((value, d) => {
        expect(value).toBeCloseTo(row[d]!, 5);
      });
    });
  });
});

onBackends('anchoredEncoder', () => {
  const options = { latent: 3, noise: 2, hidden: [6] };

  it('starts as the Gaussian of the same parameters, to the bit', () => {
    tf.tidy(() => {
      const encoder = anchoredEncoder(options);
      const gaussian = gaussianEncoder({ latent: 3 });
      const { mean, logVar, bend } = encoder.init(key(3), shape);
      const q = posteriorOf(encoder, { mean: mean!, logVar: logVar!, bend: bend! }, data(4));
      const p = posteriorOf(gaussian, { mean: mean!, logVar: logVar! }, data(4));
      expect(values(q.mean)).toEqual(values(p.mean));
      expect(values(q.logVar)).toEqual(values(p.logVar));
      expect(values(q.sample(key(1), 3))).toEqual(values(p.sample(fold(key(1), 'base'), 3)));
    });
  });

  /** ẑ of the draws that parameters make. */
  const standard = (encoder: AnyEncoder, params: Params, rows: number): tf.Tensor => {
    const q = posteriorOf(encoder, params, data(rows));
    return tf.div(tf.sub(q.sample(key(1)), q.mean), tf.exp(tf.mul(q.logVar, 0.5)));
  };

  it('moves the standardised z by up to `bound`, and there where g is large', () => {
    tf.tidy(() => {
      const encoder = anchoredEncoder({ ...options, bound: 0.5 });
      const start = encoder.init(key(3), shape);
      const wild = edited(start, (path) =>
        path === 'bend/dense_1/kernel' ? tf.mul(latents(6, 4), 9) : undefined,
      );
      const moved = tf.sub(standard(encoder, wild, 8), standard(encoder, start, 8));
      const sizes = values(moved).map(Math.abs);
      expect(Math.max(...sizes)).toBeLessThan(0.5 + 1e-5);
      expect(Math.max(...sizes)).toBeGreaterThan(0.4);
    });
  });

  it('is not moved by a g that depends on x alone: that is the work of m', () => {
    tf.tidy(() => {
      const encoder = anchoredEncoder(options);
      const start = stirred(encoder.init(key(3), shape), 1);
      const deaf = edited(start, (path, leaf) =>
        path === 'bend/dense_0/kernel' ? withoutLast(leaf, 5) : undefined,
      );
      const still = edited(start, (path, leaf) =>
        path.startsWith('bend/') ? tf.zerosLike(leaf) : undefined,
      );
      expect(values(standard(encoder, deaf, 8))).toEqual(values(standard(encoder, still, 8)));
    });
  });

  it('is the transport that it says, and with `lipschitz` displaces no two points too differently', () => {
    tf.tidy(() => {
      const [rows, lipschitz] = [200, 0.7];
      const stretched = (limit: { lipschitz?: number }): number => {
        const encoder = anchoredEncoder({ ...options, bound: 10, ...limit });
        const params = stirred(encoder.init(key(3), shape), 2);
        const q = posteriorOf(encoder, params, data(rows));
        const { base, place } = q.transport!(key(1));
        expect(values(place(base))).toEqual(values(q.sample(key(1))));
        const other: tf.Tensor2D = tf.add(base, tf.mul(latents(rows, 6), 0.3));
        const scale = tf.exp(tf.mul(q.logVar, -0.5));
        const away = tf.mul(tf.sub(place(other), place(base)), scale);
        const length = (tensor: tf.Tensor): tf.Tensor => tf.norm(tensor, 2, 1);
        const displaced = length(tf.sub(away, tf.sub(other, base)));
        return Math.max(...values(tf.div(displaced, length(tf.sub(other, base)))));
      };
      const { base, place, towards } = posteriorOf(
        anchoredEncoder({ ...options, lipschitz }),
        stirred(anchoredEncoder(options).init(key(3), shape), 2),
        data(rows),
      ).transport!(key(1));
      let found = tf.zerosLike(base);
      for (let i = 0; i < 60; i++) found = towards!(place(base), found);
      // What .7 leaves after 60 steps is far below float32's rounding of (z − m)/s.
      const errors = values(tf.sub(found, base)).map(Math.abs);
      expect(Math.max(...errors)).toBeLessThan(1e-4);
      expect(stretched({})).toBeGreaterThan(1.5);
      expect(stretched({ lipschitz })).toBeLessThan(lipschitz * (1 + 1e-5));
      expect(stretched({ lipschitz })).toBeGreaterThan(0.1);
    });
  });

  it.each([true, false])('with `noiseOnly` %s: whether g depends on ε₁', (noiseOnly) => {
    tf.tidy(() => {
      const encoder = anchoredEncoder({ ...options, noiseOnly });
      const start = encoder.init(key(3), shape);
      // Without ε₂, g is a function of x alone, or of x and ε₁.
      const params = edited(stirred(start), (path, leaf) =>
        path === 'bend/dense_0/kernel' ? withoutLast(leaf, 2) : undefined,
      );
      const straight = edited(params, (path, leaf) =>
        path.startsWith('bend/') ? tf.zerosLike(leaf) : undefined,
      );
      const [a, b] = [params, straight].map((each) =>
        posteriorOf(encoder, each, data(1)).sample(key(1), 3),
      );
      const shifts = values(tf.sub(a!, b!));
      const spread = Math.max(...[0, 1, 2].map((d) => Math.abs(shifts[d]! - shifts[d + 3]!)));
      if (noiseOnly) expect(spread).toBeLessThan(1e-5);
      else expect(spread).toBeGreaterThan(0.05);
    });
  });

  it('refuses limits that are none', () => {
    expect(() => anchoredEncoder({ ...options, bound: 0 })).toThrow(/'bound' must be positive/);
    const limited = { ...options, lipschitz: 0.9 };
    expect(() => anchoredEncoder({ ...limited, lipschitz: 0 })).toThrow(/'lipschitz' must be/);
    expect(() => anchoredEncoder({ ...limited, noiseOnly: true })).toThrow(/leave out one of them/);
    expect(() => anchoredEncoder({ ...limited, activation: 'selu' })).toThrow(/not 'selu'/);
  });
});
