import '@tensorflow/tfjs-backend-cpu';
import { ConfigError, createRegistry, disposeTree, ShapeError, type Params } from '@elbo/core';
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
  cyclical,
  exponential,
  linear,
  optimiserCategory,
  optimiserKinds,
  rmsprop,
  scheduleKinds,
  sgd,
  transformCategory,
  type Optimiser,
} from '../src/index.js';
import { numbers, run, tree } from './support.js';

const registry = createRegistry(...optimiserKinds, ...scheduleKinds);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('configs', () => {
  const optimisers: readonly Optimiser[] = [
    adam(1e-3),
    adam(linear({ from: 0.1, to: 0, steps: 3 }), { beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }),
    adamW(constant(0.1), { weightDecay: 0.5 }),
    rmsprop(exponential({ from: 0.1, rate: 0.5, every: 2 }), { decay: 0.5, epsilon: 1e-3 }),
    sgd(cyclical({ period: 3 }), { momentum: 0.5, nesterov: true }),
    chain(clipByGlobalNorm(1), clipByValue(0.1), adam(cosine({ from: 0.1, steps: 4 }))),
    chain(sgd(0.1)),
  ];

  test.each(optimisers)('survive JSON and build an equal optimiser, %#', (optimiser) => {
    const config = JSON.parse(JSON.stringify(optimiser.config)) as typeof optimiser.config;
    const built = registry.build(optimiserCategory, config);
    expect(built.config).toEqual(optimiser.config);
    tf.tidy(() => {
      const steps = (one: Optimiser): unknown =>
        numbers(run(one, tree('start'), 4, (step) => tree(`gradient ${step}`)));
      expect(steps(built)).toEqual(steps(optimiser));
    });
  });

  test('have the defaults that the functions have', () => {
    for (const [kind, expected] of Object.entries({ adam, adamW, rmsprop, sgd })) {
      const built = registry.build(optimiserCategory, { kind, learningRate: 0.1 });
      expect(built.config).toEqual(expected(0.1).config);
    }
    const clip = registry.build(transformCategory, { kind: 'clipByValue', max: 2 });
    expect(clip.config).toEqual(clipByValue(2).config);
  });

  test('that are wrong are errors that say where', () => {
    const build = (options: Record<string, number>) => () =>
      registry.build(optimiserCategory, { kind: 'adam', learningRate: 1, ...options });
    expect(build({ beta_1: 0.5 })).toThrow("did you mean 'beta1'");
    expect(build({ beta1: 1 })).toThrow('adam: beta1 is 1');
    expect(() => registry.build(optimiserCategory, { kind: 'clipByValue', max: 1 })).toThrow(
      ConfigError,
    );
  });
});

test('options out of range are errors', () => {
  const wrong = [
    () => adam(-1),
    () => adam(NaN),
    () => adam(1, { beta2: -0.1 }),
    () => adam(1, { epsilon: 0 }),
    () => adamW(1, { weightDecay: -1 }),
    () => rmsprop(1, { decay: 1 }),
    () => rmsprop(1, { epsilon: NaN }),
    () => sgd(1, { momentum: 1 }),
    () => sgd(Infinity),
    () => clipByGlobalNorm(0),
    () => clipByValue(-1),
  ];
  for (const make of wrong) expect(make).toThrow(ConfigError);
});

test('trees that do not fit are errors that name the leaf; gradients are consumed, the rest is left', () => {
  const optimisers = [adam(0.1), rmsprop(0.1), sgd(0.1), sgd(0.1, { momentum: 0.5 })];
  for (const optimiser of [...optimisers, chain(clipByGlobalNorm(1), adam(0.1))]) {
    const params = tree('start');
    const state = optimiser.init(params);
    const count = tf.memory().numTensors;
    expect(() => optimiser.step({ a: tf.scalar(1) }, state, params, 0)).toThrow(ShapeError);
    const wrong = { ...tree('gradient'), anchor: tf.zeros([2]) };
    expect(() => optimiser.step(wrong, state, params, 0)).toThrow("'anchor' has shape [2]");
    // The leaf of `tree` that `wrong` replaced.
    expect(tf.memory().numTensors).toBe(count + 1);
    disposeTree(state);
    disposeTree(params);
  }
});

test('a state of another optimiser is an error, and leaks nothing', () => {
  const params = tree('start');
  for (const optimiser of [adam(0.1), chain(clipByGlobalNorm(1), rmsprop(0.1))]) {
    const count = tf.memory().numTensors;
    expect(() => optimiser.step(tree('gradient'), {}, params, 0)).toThrow(ConfigError);
    expect(tf.memory().numTensors).toBe(count);
  }
  disposeTree(params);
});

test('parts of a chain that have no state need not be there', () => {
  tf.tidy(() => {
    const params = tree('start');
    const optimiser = chain(clipByGlobalNorm(1), sgd(0.1));
    const step = (state: Params): unknown =>
      numbers(optimiser.step(tree('gradient'), state, params, 0).params);
    expect(step({})).toEqual(step(optimiser.init(params)));
  });
});

test('schedules at known steps', () => {
  expect(constant(0.1).at(7)).toBe(0.1);
  expect([0, 5, 10, 20].map(linear({ from: 1, to: 0, steps: 10 }).at)).toEqual([1, 0.5, 0, 0]);
  const half = cosine({ from: 2, steps: 10, floor: 0.5 });
  expect(half.at(0)).toBe(2);
  expect(half.at(5)).toBeCloseTo(1.5, 12);
  expect(half.at(100)).toBe(1);
  expect([0, 10, 20].map(exponential({ from: 8, rate: 0.5, every: 10 }).at)).toEqual([8, 4, 2]);
  expect([0, 2, 4, 7, 8, 10].map(cyclical({ period: 8 }).at)).toEqual([0, 0.5, 1, 1, 0, 0.5]);
});
