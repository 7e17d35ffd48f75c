import { ConfigError, createRegistry, scheduleKinds } from '@elbo/core';
import { adam, optimiserKinds, sgd } from '@elbo/optimisers';
import { describe, expect, it, test } from 'vitest';
import {
  keepsBest,
  memoryStore,
  parseTrainingConfig,
  trainingOptionNames,
  trainOptions,
  type TrainingConfig,
} from '../src/index.js';
import { bitRows } from './world.js';

const registry = createRegistry(...scheduleKinds, ...optimiserKinds);
const held = bitRows(8);
const store = memoryStore();
const least: TrainingConfig = { steps: 4, batchSize: 2, seed: -3, primal: adam(0.5).config };
const of = (more: Partial<TrainingConfig>, given: Parameters<typeof trainOptions>[2] = {}) =>
  trainOptions({ ...least, ...more }, registry, given);

describe('a training configuration', () => {
  it.each([
    ['steps', 1, [0, 1.5, '2']],
    ['batchSize', 1, [0, -1]],
    ['seed', Number.MIN_SAFE_INTEGER, [0.5, 2 ** 53, null]],
    ['dualSteps', 1, [0]],
    ['simultaneous', true, [1]],
    ['warmUp', 0, [-1, 0.5]],
    ['ema', 0, [-0.1, 1]],
    ['every', 1, [0]],
    ['validateEvery', 1, [0]],
    ['validateRows', 1, [0]],
    ['watch', 'elbo', [3]],
    ['patience', 1, [0]],
    ['keep', 'last', ['first', true]],
    ['checkpointEvery', 1, [0]],
  ] as const)('takes %s from %o on, and names it otherwise', (name, good, bad) => {
    expect(parseTrainingConfig({ ...least, [name]: good })).toEqual({ ...least, [name]: good });
    expect(trainingOptionNames).toContain(name);
    for (const value of bad) {
      const parse = (): unknown => parseTrainingConfig({ ...least, [name]: value });
      expect(parse).toThrow(ConfigError);
      expect(parse).toThrow(`'${name}'`);
    }
  });

  it.each([
    [{}, false],
    [{ patience: 3 }, true],
    [{ patience: 3, keep: 'last' }, false],
    [{ keep: 'best' }, true],
    [{ keep: 'last' }, false],
  ] as const)(
    'keeps the best step where it waits for one, or as it says: %o is %o',
    (how, kept) => {
      expect(keepsBest({ ...least, ...how })).toBe(kept);
    },
  );
});

describe('the options of a configuration', () => {
  test('are those that it says, and nothing of what it leaves out', () => {
    const { primal, ...plain } = of({}, { held, store });
    expect(plain).toEqual({ steps: 4, batchSize: 2, seed: -3 });
    expect(primal.config).toEqual(least.primal);
  });

  test('are all that it says', () => {
    const how = { dualSteps: 3, simultaneous: false, warmUp: 0, ema: 0, every: 7 };
    const all = of({ ...how, dual: sgd(0.1).config });
    expect(all).toMatchObject(how);
    expect(all.dual?.config).toEqual(sgd(0.1).config);
  });

  test('validate only where there is something to validate on, on as many rows as it says', () => {
    expect(of({ validateEvery: 2 })).not.toHaveProperty('validate');
    expect(of({ validateRows: 5 }, { held })).not.toHaveProperty('validate');
    expect(of({ validateEvery: 2 }, { held }).validate).toEqual({ data: held, every: 2 });
    const some = of({ validateEvery: 2, validateRows: 5 }, { held });
    expect(some.validate).toEqual({ data: held, every: 2, rows: 5 });
  });

  test('watch a metric where the best step is kept or waited for, and wait only as told', () => {
    expect(of({ watch: 'kl', keep: 'last' })).not.toHaveProperty('early');
    expect(of({ keep: 'best' }).early).toEqual({});
    expect(of({ keep: 'best', watch: 'kl' }).early).toEqual({ metric: 'kl' });
    expect(of({ keep: 'last', patience: 2 }).early).toEqual({ patience: 2 });
    expect(of({ watch: 'kl', patience: 2 }).early).toEqual({ metric: 'kl', patience: 2 });
  });

  test('write checkpoints only where there is a store, the best among them where it is kept', () => {
    expect(of({ checkpointEvery: 2 })).not.toHaveProperty('checkpoint');
    expect(of({}, { store })).not.toHaveProperty('checkpoint');
    const last = { store, every: 2, best: false };
    expect(of({ checkpointEvery: 2 }, { store }).checkpoint).toEqual(last);
    const best = of({ checkpointEvery: 2, keep: 'best' }, { store });
    expect(best.checkpoint).toEqual({ ...last, best: true });
  });
});
