import { GradientError, inputGradient } from '@elbo/gradients';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ConfigError,
  createRegistry,
  gaussianMixture,
  gaussiansOnCircle,
  priorCategory,
  priorKinds,
  standardNormal,
  uniform,
  type Prior,
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
const registry = createRegistry(...priorKinds);
const components = {
  weights: [1, 3, 0],
  means: [
    [-1, 0.5],
    [0.7, 1],
    [50, 50],
  ],
  logVars: [
    [-1, -2],
    [0.3, -0.5],
    [0, 0],
  ],
};

/** Priors on the plane with their means and the means of the coordinates' squares. */
const cases: Record<string, { prior: Prior; mean: number[]; square: number[] }> = {
  standardNormal: { prior: standardNormal(2), mean: [0, 0], square: [1, 1] },
  gaussianMixture: {
    prior: gaussianMixture(components),
    mean: [0.275, 0.875],
    square: [
      0.25 * (1 + Math.exp(-1)) + 0.75 * (0.49 + Math.exp(0.3)),
      0.25 * (0.25 + Math.exp(-2)) + 0.75 * (1 + Math.exp(-0.5)),
    ],
  },
  gaussiansOnCircle: {
    prior: gaussiansOnCircle({ components: 5, radius: 2, scale: 0.5 }),
    mean: [0, 0],
    square: [2.25, 2.25],
  },
  uniform: {
    prior: uniform({ dim: 2, low: -1, high: 3 }),
    mean: [1, 1],
    square: [7 / 3, 7 / 3],
  },
};

describe.each(Object.entries(cases))('%s', (_name, { prior, mean, square }) => {
  it('integrates to one', () => {
    tf.tidy(() => {
      // Midpoints, so that the edges of the uniform fall between them.
      const axis = ticks(8, 321).map((tick) => tick + 0.025);
      const density = tf.exp(prior.logProb(tf.tensor2d(grid([axis, axis]))));
      expect(read(tf.sum(density))[0]! * 0.05 ** 2).toBeCloseTo(1, 4);
    });
  });

  it('has samples of its moments', () => {
    tf.tidy(() => {
      const z = prior.sample(key, 20000);
      expect(z.shape).toEqual([20000, 2]);
      [0, 1].forEach((d) => {
        const column = read(tf.slice(z, [0, d], [-1, 1]));
        expectMean(column, mean[d]!);
        expectMean(
          column.map((value) => value * value),
          square[d]!,
        );
      });
    });
  });

  it('is built again from its config, bit for bit', () => {
    tf.tidy(() => {
      const config = JSON.parse(JSON.stringify(prior.config)) as Prior['config'];
      const again = registry.build(priorCategory, config);
      expect(again.dim).toBe(prior.dim);
      expect(again.config).toEqual(prior.config);
      const z = prior.sample(key, 50);
      expect(read(again.sample(key, 50))).toEqual(read(tf.clone(z)));
      expect(read(again.logProb(z))).toEqual(read(prior.logProb(z)));
    });
  });

  it('leaves no tensor behind in a scope', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      prior.logProb(prior.sample(key, 3));
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('gaussianMixture', () => {
  it('has the log density of the formula, also far away', () => {
    const points = [
      [0, 0],
      [-3, 2],
      [30, -20],
    ];
    const truth = points.map((z) => {
      const logs = components.weights.map((weight, c) => {
        const terms = z.map((value, d) => {
          const logVar = components.logVars[c]![d]!;
          const distance = (value - components.means[c]![d]!) ** 2 / Math.exp(logVar);
          return -0.5 * (Math.log(2 * Math.PI) + logVar + distance);
        });
        return Math.log(weight / 4) + terms[0]! + terms[1]!;
      });
      const top = Math.max(...logs);
      return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0));
    });
    tf.tidy(() => {
      expectClose(read(gaussianMixture(components).logProb(tf.tensor2d(points))), truth);
    });
  });

  it('has a gradient for z', () => {
    tf.tidy(() => {
      const prior = gaussianMixture(components);
      expectGradient((z) => prior.logProb(z as tf.Tensor2D), noise(1, [4, 2]));
    });
  });

  it('refuses components that do not fit together', () => {
    const wrong =
      (part: Partial<typeof components>): (() => Prior) =>
      () =>
        gaussianMixture({ ...components, ...part });
    expect(wrong({ weights: [1, 1] })).toThrow(ConfigError);
    expect(wrong({ weights: [1, -1, 1] })).toThrow(/weights/);
    expect(wrong({ weights: [0, 0, 0] })).toThrow(/weights/);
    expect(wrong({ means: [[1], [2, 3], [4, 5]] })).toThrow(/as many numbers/);
    expect(
      wrong({
        logVars: [
          [0, 0],
          [0, NaN],
          [0, 0],
        ],
      }),
    ).toThrow(/finite/);
    expect(() => gaussiansOnCircle({ components: 3, radius: 1, scale: 0 })).toThrow(ConfigError);
  });
});

describe('gaussiansOnCircle', () => {
  it('does not change when turned by one component', () => {
    tf.tidy(() => {
      const prior = gaussiansOnCircle({ components: 3, radius: 1, scale: 0.3 });
      const [c, s] = [Math.cos((2 * Math.PI) / 3), Math.sin((2 * Math.PI) / 3)];
      const z = noise<tf.Rank.R2>(1, [20, 2]);
      const turned = tf.matMul<tf.Tensor2D>(
        z,
        tf.tensor2d([
          [c, s],
          [-s, c],
        ]),
      );
      expectClose(read(prior.logProb(turned)), read(prior.logProb(z)), 1e-4);
    });
  });
});

describe('uniform', () => {
  it('is −∞ outside and constant on the closed cube', () => {
    tf.tidy(() => {
      const z = tf.tensor2d([
        [0, 0],
        [-1, 1],
        [0, 1.001],
        [-5, 0],
        [NaN, 0],
      ]);
      const inside = Math.fround(-2 * Math.log(2));
      expect(read(uniform({ dim: 2 }).logProb(z))).toEqual([
        inside,
        inside,
        -Infinity,
        -Infinity,
        -Infinity,
      ]);
    });
  });

  it('gives z no gradient', () => {
    tf.tidy(() => {
      const f = (z: tf.Tensor): tf.Tensor => uniform({ dim: 2 }).logProb(z as tf.Tensor2D);
      expect(() => inputGradient(f, tf.zeros([3, 2]))).toThrow(GradientError);
    });
  });

  it('refuses an empty cube', () => {
    expect(() => uniform({ dim: 1, low: 2, high: 2 })).toThrow(ConfigError);
    expect(() => uniform({ dim: 1, low: NaN })).toThrow(ConfigError);
  });
});

it.each([{ dim: 0 }, { dim: 2.5 }, { dim: '2' }, {}])('no prior has %o', (options) => {
  expect(() => registry.build(priorCategory, { kind: 'standard-normal', ...options })).toThrow(
    /'dim'/,
  );
});
