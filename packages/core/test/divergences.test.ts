import '@elbo/gradients';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bernoulli,
  categorical,
  fullNormal,
  klBernoulli,
  klCategorical,
  klFullNormal,
  klFullNormalToStandard,
  klNormal,
  klNormalToStandard,
  normal,
  ShapeError,
  standardNormal,
  type Distribution,
  type FullNormal,
  type Normal,
} from '../src/index.js';
import { expectClose, expectGradient, expectMean, keys, noise, read } from './support.js';

beforeAll(useWasm);

const key = keys[0]!;
const someNormal = (seed: number): Normal<tf.Tensor2D> =>
  normal(noise<tf.Rank.R2>(seed, [3, 4]), noise<tf.Rank.R2>(seed + 1, [3, 4]));

/** A factor with a diagonal of at least .5. */
function someFull(seed: number): FullNormal {
  const diagonal = tf.mul(tf.eye(4), tf.add(tf.abs(noise(seed + 2, [3, 4, 4])), 0.5));
  const rest = tf.mul(tf.sub(1, tf.eye(4)), noise(seed + 3, [3, 4, 4]));
  const factor: tf.Tensor3D = tf.add(diagonal, tf.mul(rest, 0.5));
  return fullNormal(noise<tf.Rank.R2>(seed, [3, 4]), factor);
}

/** Fails unless an analytic KL is the mean of log q − log p over samples of q, row by row. */
function expectMonteCarlo(kl: tf.Tensor, q: Distribution, logP: (x: tf.Tensor) => tf.Tensor): void {
  const n = 5000;
  const x = q.sample(key, n);
  const ratios = read(tf.sub(q.logProb(x), logP(x)));
  read(kl).forEach((value, row) => {
    expectMean(
      Array.from({ length: n }, (_, k) => ratios[k * 3 + row]!),
      value,
      1e-4,
    );
  });
}

const standard = standardNormal(4);
const logStandard = (x: tf.Tensor): tf.Tensor => standard.logProb(x as tf.Tensor2D);

describe('the KL of two', () => {
  const pairs = {
    normals: () => {
      const [q, p] = [someNormal(1), someNormal(11)];
      return { q, p, kl: klNormal(q, p), same: klNormal(q, q) };
    },
    'full normals': () => {
      const [q, p] = [someFull(1), someFull(11)];
      return { q, p, kl: klFullNormal(q, p), same: klFullNormal(q, q) };
    },
    bernoullis: () => {
      const [q, p] = [bernoulli(noise(1, [3, 2, 2])), bernoulli(noise(2, [3, 2, 2]))];
      return { q, p, kl: klBernoulli(q, p), same: klBernoulli(q, q) };
    },
    categoricals: () => {
      const [q, p] = [categorical(noise(1, [3, 2, 5])), categorical(noise(2, [3, 2, 5]))];
      return { q, p, kl: klCategorical(q, p), same: klCategorical(q, q) };
    },
  };

  it.each(Object.entries(pairs))(
    '%s is the mean log ratio, positive, and zero for equals',
    (_name, make) => {
      tf.tidy(() => {
        const { q, p, kl, same } = make();
        expectClose(read(same), [0, 0, 0], 3e-6);
        expect(Math.min(...read(tf.clone(kl)))).toBeGreaterThan(0);
        expectMonteCarlo(kl, q, (x) => p.logProb(x));
      });
    },
  );
});

describe('the KL to the standard normal', () => {
  it('of a diagonal normal is the mean log ratio', () => {
    tf.tidy(() => {
      const q = someNormal(1);
      expectMonteCarlo(klNormalToStandard(q), q, logStandard);
      const p = normal(tf.zeros([3, 4]), tf.zeros([3, 4]));
      expectClose(read(klNormalToStandard(q)), read(klNormal(q, p)), 1e-5);
    });
  });

  it('of a full normal is the mean log ratio', () => {
    tf.tidy(() => {
      const q = someFull(1);
      expectMonteCarlo(klFullNormalToStandard(q), q, logStandard);
    });
  });

  it('of a full normal with a diagonal factor is the diagonal one', () => {
    tf.tidy(() => {
      const q = someNormal(1);
      const scale = tf.exp(tf.mul(tf.expandDims(q.logVar, 2), 0.5));
      const full = fullNormal(q.location, tf.mul(scale, tf.eye(4)));
      expectClose(read(klFullNormalToStandard(full)), read(klNormalToStandard(q)), 1e-5);
    });
  });

  it('has gradients', () => {
    tf.tidy(() => {
      const q = someFull(1);
      expectGradient((m) => klNormalToStandard(normal(m, tf.zerosLike(m))), noise(1, [2, 3]));
      expectGradient(
        (l) => klFullNormalToStandard(fullNormal(q.location, l as tf.Tensor3D)),
        q.factor,
        { h: 3e-3 },
      );
      const p = someFull(11);
      expectGradient((l) => klFullNormal(q, fullNormal(p.location, l as tf.Tensor3D)), p.factor, {
        h: 1e-3,
        tolerance: 1e-2,
      });
      expectGradient(
        (l) => klBernoulli(bernoulli(l), bernoulli(tf.ones([2, 3]))),
        noise(1, [2, 3]),
      );
      expectGradient(
        (l) => klCategorical(categorical(l), categorical(tf.ones([2, 3]))),
        noise(1, [2, 3]),
      );
    });
  });
});

it('is exact for certain classes', () => {
  tf.tidy(() => {
    const certain = bernoulli(tf.tensor2d([[100, -100]]));
    expectClose(read(klBernoulli(certain, bernoulli(tf.zeros([1, 2])))), [2 * Math.LN2]);
    const first = categorical(tf.tensor2d([[100, 0, 0, 0]]));
    expectClose(read(klCategorical(first, categorical(tf.zeros([1, 4])))), [Math.log(4)]);
  });
});

it('refuses two shapes', () => {
  tf.tidy(() => {
    const one = normal(tf.zeros([2, 1]), tf.zeros([2, 1]));
    expect(() => klNormal(one, normal(tf.zeros([2, 3]), tf.zeros([2, 3])))).toThrow(ShapeError);
    expect(() => klBernoulli(bernoulli(tf.zeros([2, 1])), bernoulli(tf.zeros([2, 2])))).toThrow(
      ShapeError,
    );
  });
});
