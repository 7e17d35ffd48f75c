import '@tensorflow/tfjs-backend-cpu';
import { countParams, disposeTree, flatten, mapTree, tensorAt, type Params } from '@elbo/core';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  adam,
  adamW,
  chain,
  clipByGlobalNorm,
  clipByValue,
  constant,
  cosine,
  linear,
  rmsprop,
  sgd,
  type Optimiser,
  type Transform,
} from '../src/index.js';
import { numbers, run, tree } from './support.js';

type Rule = (p: number, g: number, t: number) => number;

/** Rules for one number, in double precision, as their papers print them. Each call makes a new one. */
const rules: Readonly<Record<string, { optimiser: Optimiser; rule: () => Rule }>> = {
  adam: {
    optimiser: adam(0.05, { beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
    rule: () => {
      let m = 0;
      let v = 0;
      return (p, g, t) => {
        m = 0.8 * m + 0.2 * g;
        v = 0.95 * v + 0.05 * g * g;
        return p - (0.05 * m) / (1 - 0.8 ** t) / (Math.sqrt(v / (1 - 0.95 ** t)) + 1e-3);
      };
    },
  },
  adamW: {
    optimiser: adamW(linear({ from: 0.1, to: 0, steps: 40 }), { weightDecay: 0.3 }),
    rule: () => {
      let m = 0;
      let v = 0;
      return (p, g, t) => {
        const rate = 0.1 * (1 - Math.min(1, (t - 1) / 40));
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        const adaptive = m / (1 - 0.9 ** t) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
        return p - rate * (adaptive + 0.3 * p);
      };
    },
  },
  rmsprop: {
    optimiser: rmsprop(0.02, { decay: 0.7, epsilon: 1e-4 }),
    rule: () => {
      let s = 0;
      return (p, g) => {
        s = 0.7 * s + 0.3 * g * g;
        return p - (0.02 * g) / (Math.sqrt(s) + 1e-4);
      };
    },
  },
  sgd: { optimiser: sgd(0.1), rule: () => (p, g) => p - 0.1 * g },
  momentum: {
    optimiser: sgd(0.1, { momentum: 0.9 }),
    rule: () => {
      let v = 0;
      return (p, g) => {
        v = 0.9 * v + g;
        return p - 0.1 * v;
      };
    },
  },
  nesterov: {
    optimiser: sgd(cosine({ from: 0.1, steps: 50 }), { momentum: 0.5, nesterov: true }),
    rule: () => {
      let v = 0;
      return (p, g, t) => {
        v = 0.5 * v + g;
        return p - 0.05 * (1 + Math.cos((Math.PI * (t - 1)) / 50)) * (g + 0.5 * v);
      };
    },
  },
};

const decoupled: readonly Optimiser[] = Object.values(rules).map(({ optimiser }) => optimiser);
const all: readonly Optimiser[] = [
  ...decoupled,
  chain(adam(0.1)),
  chain(clipByGlobalNorm(0.5), clipByValue(0.3), sgd(0.1, { momentum: 0.5 })),
  chain(clipByValue(0.3), clipByGlobalNorm(0.5), adam(0.1)),
];

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    setThreadsCount(1);
    await tf.setBackend(backend);
  });

  test.each(Object.entries(rules))(
    '%s: 50 steps are those of the paper in double precision',
    (_, { optimiser, rule }) => {
      const start = tree('start');
      const final = run(optimiser, start, 50, (step) => tree(`gradient ${step}`));
      const expected = numbers(start);
      for (const [path, row] of Object.entries(expected)) {
        row.forEach((p0, i) => {
          const one = rule();
          let p = p0;
          for (let t = 1; t <= 50; t++) {
            const gradient = tree(`gradient ${t - 1}`);
            p = one(p, numbers(gradient)[path]![i]!, t);
            disposeTree(gradient);
          }
          expect(Math.abs(numbers(final)[path]![i]! - p)).toBeLessThan(
            1e-5 * Math.max(1, Math.abs(p)),
          );
        });
      }
      disposeTree(start);
      disposeTree(final);
    },
  );

  test("Adam's first step is −rate · sign(g), whatever the size of g", () => {
    tf.tidy(() => {
      const params = { a: tf.zeros([4]) };
      const optimiser = adam(0.01);
      const gradients = { a: tf.tensor1d([1e-4, -1e-2, 1, -1e6]) };
      const next = optimiser.step(gradients, optimiser.init(params), params, 0);
      // ε / |g| = 1e-4 for the smallest.
      numbers(next.params).a!.forEach((value, i) => {
        expect(Math.abs(value / (i % 2 ? 0.01 : -0.01) - 1)).toBeLessThan(1.1e-4);
      });
    });
  });

  test("AdamW's decay does not pass through the moments: without gradients, weights shrink by a factor", () => {
    tf.tidy(() => {
      const start = { a: tf.tensor1d([3, -2]) };
      const zeros = (): Params => ({ a: tf.zeros([2]) });
      const shrunk = numbers(run(adamW(0.1, { weightDecay: 0.5 }), start, 10, zeros)).a!;
      expect(shrunk[0]).toBeCloseTo(3 * 0.95 ** 10, 5);
      expect(shrunk[1]).toBeCloseTo(-2 * 0.95 ** 10, 5);
      expect(numbers(run(adam(0.1), start, 10, zeros)).a).toEqual([3, -2]);
    });
  });

  test.each([
    sgd(0.1),
    sgd(0.05, { momentum: 0.8 }),
    sgd(0.05, { momentum: 0.8, nesterov: true }),
    adam(cosine({ from: 0.3, steps: 200 })),
    adamW(cosine({ from: 0.3, steps: 200 }), { weightDecay: 0 }),
    rmsprop(cosine({ from: 0.1, steps: 200 })),
    chain(clipByGlobalNorm(1), sgd(0.5)),
  ])('minimises a convex quadratic, %#', (optimiser) => {
    tf.tidy(() => {
      const target = tree('target');
      const gradients = (_: number, params: Params): Params =>
        mapTree(params, (tensor, path) =>
          tf.mul(tf.sub(tensor, tensorAt(target, path)), path.startsWith('encoder') ? 1 : 3),
        );
      const found = numbers(run(optimiser, tree('start'), 200, gradients));
      for (const [path, row] of Object.entries(numbers(target))) {
        row.forEach((value, i) => {
          expect(Math.abs(found[path]![i]! - value)).toBeLessThan(1e-3);
        });
      }
    });
  });

  test.each(all)(
    'a step keeps parameters, consumes the rest and returns fresh trees, %#',
    (optimiser) => {
      const params = tree('start');
      const before = numbers(params);
      const state = optimiser.init(params);
      const gradients = tree('gradient');
      const held = flatten(state).length;
      const count = tf.memory().numTensors;
      const next = optimiser.step(gradients, state, params, 0);
      expect(tf.memory().numTensors).toBe(count);
      expect(numbers(params)).toEqual(before);
      expect(flatten(next.params).map(({ path }) => path)).toEqual(
        flatten(params).map(({ path }) => path),
      );
      expect(flatten(next.state).map(({ path }) => path)).toEqual(
        flatten(state).map(({ path }) => path),
      );
      const old = new Set(flatten(params).map(({ tensor }) => tensor.dataId));
      for (const { tensor } of flatten(next.params)) expect(old.has(tensor.dataId)).toBe(false);
      for (const { tensor } of [...flatten(gradients), ...flatten(state)]) {
        expect(tensor.isDisposed).toBe(true);
      }
      for (const left of [params, next.params, next.state]) disposeTree(left);
      expect(tf.memory().numTensors).toBe(count - 8 - held);
    },
  );

  test.each(all)('works the same inside tidy, %#', (optimiser) => {
    const count = tf.memory().numTensors;
    const outside = run(optimiser, tree('start'), 3, (step) => tree(`gradient ${step}`));
    tf.tidy(() => {
      const inside = run(optimiser, tree('start'), 3, (step) => tree(`gradient ${step}`));
      expect(numbers(inside)).toEqual(numbers(outside));
    });
    disposeTree(outside);
    // `run` leaves its start to its caller.
    expect(tf.memory().numTensors).toBe(count + 4);
  });

  test.each(all)('NaN in one gradient reaches its parameter, %#', (optimiser) => {
    tf.tidy(() => {
      const params = { a: tf.tensor1d([1, 2]), b: tf.scalar(3) };
      const gradients = { a: tf.tensor1d([NaN, 1]), b: tf.scalar(1) };
      const next = optimiser.step(gradients, optimiser.init(params), params, 0);
      expect(numbers(next.params).a![0]).toBeNaN();
    });
  });

  test('an overflowing norm shows as NaN, not as a step of 0', () => {
    tf.tidy(() => {
      const params = { a: tf.tensor1d([1, 2]) };
      const optimiser = chain(clipByGlobalNorm(1), sgd(0.1));
      const gradients = { a: tf.tensor1d([1e30, 1]) };
      const next = optimiser.step(gradients, optimiser.init(params), params, 0);
      expect(numbers(next.params).a).toEqual([NaN, NaN]);
    });
  });

  test.each([0.5, 3, 1e4])(
    'the global norm after clipping is the least of itself and %d',
    (max) => {
      tf.tidy(() => {
        const gradients = mapTree(tree('gradient'), (tensor) => tf.mul(tensor, 2));
        const before = numbers(gradients);
        const norm = Math.hypot(...Object.values(before).flat());
        const clipped = numbers(
          clipByGlobalNorm(max).update(gradients, {}, tree('start'), 0).gradients,
        );
        const factor = Math.min(1, max / norm);
        expect(Math.hypot(...Object.values(clipped).flat())).toBeCloseTo(Math.min(norm, max), 5);
        for (const [path, row] of Object.entries(before)) {
          row.forEach((value, i) => {
            expect(clipped[path]![i]).toBeCloseTo(value * factor, 5);
          });
        }
      });
    },
  );

  test('a chain that gives the clipping factor to Adam steps as one after the other, bit by bit', () => {
    const clip = clipByGlobalNorm(0.5);
    const gradientsAt = (step: number): Params => tree(`gradient ${step}`);
    const start = tree('start');
    const together = run(chain(clip, adam(0.1)), start, 5, gradientsAt);
    const apart = run(
      adam(0.1),
      start,
      5,
      (step, params) => clip.update(gradientsAt(step), {}, params, step).gradients,
    );
    expect(numbers(together)).toEqual(numbers(apart));
    tf.dispose([start, together, apart]);
  });

  test('a chain takes its transforms in order, whichever of them gives Adam its factor', () => {
    tf.tidy(() => {
      const start = { a: tf.tensor1d([0, 0]) };
      /** The gradient that arrives at Adam: after one step its first moment is a tenth of it. */
      const arrives = (...transforms: readonly Transform[]): number[] => {
        const optimiser = chain(...transforms, adam(0.1));
        const gradients = { a: tf.tensor1d([8, 6]) };
        const { state } = optimiser.step(gradients, optimiser.init(start), start, 0);
        return numbers(state)['optimiser/first/a']!.map((value) => 10 * value);
      };
      // (8, 6) is (2, 2) with each value at most 2, of the norm 2√2; and (0.8, 0.6) with the norm 1.
      const [x, y] = arrives(clipByValue(2), clipByGlobalNorm(1));
      expect(x).toBeCloseTo(Math.SQRT1_2, 5);
      expect(y).toBeCloseTo(Math.SQRT1_2, 5);
      const [v, w] = arrives(clipByGlobalNorm(1), clipByValue(0.7));
      expect(v).toBeCloseTo(0.7, 5);
      expect(w).toBeCloseTo(0.6, 5);
    });
  });

  test('clipping gradients of 0 leaves 0, and values are limited one by one', () => {
    tf.tidy(() => {
      const zeros = { a: tf.zeros([2]) };
      const clipped = clipByGlobalNorm(1).update(zeros, {}, zeros, 0);
      expect(numbers(clipped.gradients)).toEqual({ a: [0, 0] });
      const gradients = { a: tf.tensor1d([-3, -0.5, 0.25, Infinity, NaN]) };
      const limited = clipByValue(0.5).update(gradients, {}, gradients, 0);
      expect(numbers(limited.gradients)).toEqual({ a: [-0.5, -0.5, 0.25, 0.5, NaN] });
    });
  });
});

test('state is named after the parameters', () => {
  tf.tidy(() => {
    const params = tree('start');
    const paths = flatten(chain(clipByGlobalNorm(1), adam(constant(1e-3))).init(params)).map(
      ({ path }) => path,
    );
    expect(paths).toHaveLength(8);
    expect(paths).toContain('optimiser/first/encoder/dense_0/kernel');
    expect(countParams(adam(1).init(params))).toBe(2 * countParams(params));
  });
});
