import { GradientError, inputGradient } from '@elbo/gradients';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bernoulli,
  categorical,
  discretisedLogistic,
  fullNormal,
  implicit,
  normal,
  ShapeError,
  type Distribution,
} from '../src/index.js';
import {
  expectClose,
  expectGradient,
  expectMean,
  grid,
  keys,
  noise,
  read,
  ticks,
} from './support.js';

beforeAll(useWasm);

const key = keys[0]!;
const factor = (): tf.Tensor3D =>
  tf.tensor3d([
    [
      [0.8, 0],
      [-0.5, 0.6],
    ],
    [
      [1.3, 0],
      [0.4, 0.3],
    ],
  ]);
const means = (): tf.Tensor2D =>
  tf.tensor2d([
    [0.3, -0.7],
    [-1, 0.2],
  ]);

/** Each distribution over a batch of two, with shapes [2, …]. */
const cases: Record<string, () => Distribution> = {
  normal: () => normal(means(), tf.tensor2d([-1, 0.5, 0.2, -2], [2, 2])),
  'normal of images': () => normal(noise(1, [2, 3, 2, 1]), noise(2, [2, 3, 2, 1])),
  fullNormal: () => fullNormal(means(), factor()),
  bernoulli: () => bernoulli(noise(3, [2, 3])),
  categorical: () => categorical(noise(4, [2, 3, 4])),
  discretisedLogistic: () =>
    discretisedLogistic(noise(5, [2, 3, 2]), noise(6, [2, 3, 2]), noise(7, [2, 3, 2])),
};

describe.each(Object.entries(cases))('%s', (_name, make) => {
  it('tells apart the rows of sample-major values', () => {
    tf.tidy(() => {
      const many = make();
      const x = many.sample(key, 3);
      const [a, b, c] = tf.split(x, 3, 0) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const apart = [a, b, c].flatMap((part) => read(many.logProb(part)));
      expectClose(read(many.logProb(x)), apart, 1e-6);
      expect(x.shape[0]).toBe(6);
    });
  });

  it('has samples whose mean is its mean, row by row', () => {
    tf.tidy(() => {
      const many = make();
      const mean = many.mean();
      const width = mean.size / 2;
      const n = 4000;
      const drawn = read(many.sample(key, n));
      read(mean).forEach((truth, at) => {
        const column = Array.from({ length: n }, (_, k) => drawn[k * 2 * width + at]!);
        expectMean(column, truth);
      });
    });
  });

  it('draws the same for the same key, and else for another', () => {
    tf.tidy(() => {
      const many = make();
      const first = read(many.sample(key, 20));
      expect(read(many.sample(key, 20))).toEqual(first);
      expect(read(many.sample(keys[1]!, 20))).not.toEqual(first);
      expect(read(many.sample(key))).toEqual(read(many.sample(key, 1)));
    });
  });

  it('refuses values that do not fit', () => {
    tf.tidy(() => {
      const many = make();
      const shape = many.mean().shape;
      expect(() => many.logProb(tf.zeros([3, ...shape.slice(1)]))).toThrow(ShapeError);
      expect(() => many.logProb(tf.zeros([2, 9]))).toThrow(ShapeError);
    });
  });

  it('holds its tensors where tidy sees them, and returns fresh ones', () => {
    const before = tf.memory().numTensors;
    const many = tf.tidy(() => make() as unknown as tf.TensorContainer) as unknown as Distribution;
    const held = tf.memory().numTensors;
    expect(held).toBeGreaterThan(before);
    tf.tidy(() => {
      many.logProb(many.sample(key, 2));
    });
    many.mean().dispose();
    expect(tf.memory().numTensors).toBe(held);
    expect(read(many.mean()).every(Number.isFinite)).toBe(true);
    tf.dispose(many as unknown as tf.TensorContainer);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('normal', () => {
  it('has the log density of the formula', () => {
    tf.tidy(() => {
      const [m, v, x] = [noise(1, [4, 3]), noise(2, [4, 3]), noise(3, [4, 3])];
      const [ms, vs, xs] = [m, v, x].map((t) => read(tf.clone(t))) as [
        number[],
        number[],
        number[],
      ];
      const terms = xs.map(
        (value, i) =>
          -0.5 * (Math.log(2 * Math.PI) + vs[i]! + (value - ms[i]!) ** 2 / Math.exp(vs[i]!)),
      );
      const rows = [0, 1, 2, 3].map((r) => terms[3 * r]! + terms[3 * r + 1]! + terms[3 * r + 2]!);
      expectClose(read(normal(m, v).logProb(x)), rows);
    });
  });

  it('has samples of its variance', () => {
    tf.tidy(() => {
      const q = normal(tf.tensor2d([[1.5]]), tf.tensor2d([[-0.8]]));
      const squares = read(tf.square(tf.sub(q.sample(key, 20000), 1.5)));
      expectMean(squares, Math.exp(-0.8));
    });
  });

  it('has a sample with gradients 1 for the mean and half the deviation for logVar', () => {
    tf.tidy(() => {
      const [mean, logVar] = [noise(1, [2, 3]), noise(2, [2, 3])];
      for (const samples of [1, 3]) {
        expectGradient((m) => tf.square(normal(m, logVar).sample(key, samples)), mean);
        expectGradient((v) => tf.square(normal(mean, v).sample(key, samples)), logVar);
        const x = noise(5, [2 * samples, 3]);
        expectGradient((m) => normal(m, logVar).logProb(x), mean, { h: 3e-2 });
        expectGradient((v) => normal(mean, v).logProb(x), logVar, { h: 3e-2, tolerance: 5e-3 });
      }
    });
  });

  it('refuses parameters of two shapes', () => {
    tf.tidy(() => {
      expect(() => normal(tf.zeros([2, 3]), tf.zeros([2, 1]))).toThrow(ShapeError);
    });
  });
});

describe('fullNormal', () => {
  it('integrates to one', () => {
    tf.tidy(() => {
      const axis = ticks(9, 121);
      const step = axis[1]! - axis[0]!;
      const points = tf.tensor2d(grid([axis, axis]));
      const one = tf.slice(factor(), [0, 0, 0], [1, 2, 2]);
      const q = fullNormal(tf.zeros([1, 2]), one);
      const total = read(tf.sum(tf.exp(q.logProb(points))))[0]! * step * step;
      expect(total).toBeCloseTo(1, 4);
    });
  });

  it('has samples of covariance L Lᵀ', () => {
    tf.tidy(() => {
      const n = 20000;
      const drawn = read(
        tf.sub(fullNormal(means(), factor()).sample(key, n), tf.tile(means(), [n, 1])),
      );
      const l = factor().arraySync();
      l.forEach((rows, b) => {
        for (const [i, j] of [
          [0, 0],
          [0, 1],
          [1, 1],
        ] as const) {
          const covariance = rows[i]!.reduce((sum, value, k) => sum + value * rows[j]![k]!, 0);
          const products = Array.from({ length: n }, (_, k) => {
            const at = (k * 2 + b) * 2;
            return drawn[at + i]! * drawn[at + j]!;
          });
          expectMean(products, covariance);
        }
      });
    });
  });

  it('is the diagonal normal where the factor is diagonal, and reads nothing above the diagonal', () => {
    tf.tidy(() => {
      const logVar = noise<tf.Rank.R2>(2, [3, 4]);
      const mean = noise<tf.Rank.R2>(1, [3, 4]);
      const x = noise(3, [6, 4]);
      const scale = tf.mul(tf.expandDims(tf.exp(tf.mul(logVar, 0.5)), 2), tf.eye(4));
      const above = tf.tensor2d([0, 5, 5, 5, 0, 0, 5, 5, 0, 0, 0, 5, 0, 0, 0, 0], [4, 4]);
      const full = fullNormal(mean, tf.add(scale, above));
      const diagonal = normal(mean, logVar);
      expectClose(read(full.logProb(x)), read(diagonal.logProb(x)), 1e-5);
      expectClose(read(full.sample(key, 2)), read(diagonal.sample(key, 2)), 1e-5);
    });
  });

  it('has gradients of samples and densities for both parameters', () => {
    tf.tidy(() => {
      const x = noise(7, [4, 2]);
      const m = means();
      const l = factor();
      expectGradient((mean) => tf.square(fullNormal(mean as tf.Tensor2D, l).sample(key, 2)), m);
      expectGradient((part) => tf.square(fullNormal(m, part as tf.Tensor3D).sample(key, 2)), l);
      expectGradient((mean) => fullNormal(mean as tf.Tensor2D, l).logProb(x), m);
      expectGradient((part) => fullNormal(m, part as tf.Tensor3D).logProb(x), l, {
        h: 2e-3,
        tolerance: 1e-2,
      });
    });
  });

  it('refuses a factor of another size', () => {
    tf.tidy(() => {
      expect(() => fullNormal(tf.zeros([2, 3]), tf.zeros([2, 2, 2]))).toThrow(/\[2, 3, 3\]/);
    });
  });
});

describe('bernoulli', () => {
  it('has probabilities that sum to one over all values', () => {
    tf.tidy(() => {
      const all = tf.tensor2d(
        grid([
          [0, 1],
          [0, 1],
          [0, 1],
        ]),
      );
      const q = bernoulli(tf.tensor2d([[-1.2, 0.3, 40]]));
      expect(read(tf.sum(tf.exp(q.logProb(all))))[0]).toBeCloseTo(1, 5);
    });
  });

  it('draws zeros and ones only, without a gradient', () => {
    tf.tidy(() => {
      const logits = noise(1, [2, 3]);
      expect(() => inputGradient((l) => bernoulli(l).sample(key), logits)).toThrow(GradientError);
      const drawn = read(bernoulli(noise(1, [2, 30])).sample(key, 5));
      expect(drawn.every((value) => value === 0 || value === 1)).toBe(true);
      expectGradient((l) => bernoulli(l).logProb(tf.zeros([4, 3])), logits);
    });
  });

  it('stays exact for extreme logits', () => {
    tf.tidy(() => {
      const q = bernoulli(tf.tensor2d([[200, -200]]));
      expectClose(read(q.logProb(tf.tensor2d([[1, 0]]))), [0]);
      expectClose(read(q.logProb(tf.tensor2d([[0, 1]]))), [-400]);
    });
  });
});

describe('categorical', () => {
  it('has probabilities that sum to one over all values', () => {
    tf.tidy(() => {
      const q = categorical(noise(4, [1, 2, 3]));
      const all = grid([
        [0, 1, 2],
        [0, 1, 2],
      ]).map((classes) => tf.cast(tf.oneHot(classes, 3), 'float32'));
      expect(read(tf.sum(tf.exp(q.logProb(tf.stack(all)))))[0]).toBeCloseTo(1, 5);
    });
  });

  it('draws one-hot vectors without a gradient, and never an impossible class', () => {
    tf.tidy(() => {
      const logits = noise(1, [1, 3]);
      expect(() => inputGradient((l) => categorical(l).sample(key), logits)).toThrow(GradientError);
      const q = categorical(tf.tensor2d([[0, -Infinity, 1]]));
      const drawn = q.sample(key, 500) as tf.Tensor2D;
      expect(new Set(read(tf.sum(drawn, 1)))).toEqual(new Set([1]));
      expect(read(tf.sum(drawn, 0))[1]).toBe(0);
      expectGradient((l) => categorical(l).logProb(drawn), logits);
    });
  });
});

describe('implicit', () => {
  it('samples, and has no density to the compiler', () => {
    tf.tidy(() => {
      const q = implicit((k, samples) => normal(means(), means()).sample(k, samples));
      expect(q.sample(key).shape).toEqual([2, 2]);
      expect(q.sample(key, 3).shape).toEqual([6, 2]);
      // @ts-expect-error no density is known
      expect(q.logProb).toBeUndefined();
    });
  });
});
