import '@elbo/gradients';
import { ConfigError } from '@elbo/core';
import { sgd } from '@elbo/optimisers';
import { expect, it } from 'vitest';
import { localGradients, memoryStore, type TrainOptions } from '../src/index.js';
import { bitRows, smallModel, train } from './world.js';

const model = smallModel({ hidden: 2 });
const data = bitRows(8);
const base: TrainOptions = { steps: 4, batchSize: 4, seed: 1, primal: sgd(0.1) };
const store = memoryStore();
// Nothing is computed before a run is iterated, so that no backend is needed.
const make = (how: object) => (): unknown => train(model, data, { ...base, ...how });

it.each<[string, (value: number) => object, number, readonly number[]]>([
  ['steps', (steps) => ({ steps }), 1, [0, 1.5, NaN, Infinity]],
  ['until', (until) => ({ until }), 1, [0]],
  ['batchSize', (batchSize) => ({ batchSize }), 1, [0]],
  ['seed', (seed) => ({ seed }), Number.MIN_SAFE_INTEGER, [0.5, 2 ** 53]],
  ['dualSteps', (dualSteps) => ({ dualSteps }), 1, [0]],
  ['warmUp', (warmUp) => ({ warmUp }), 0, [-1]],
  ['every', (every) => ({ every }), 1, [0]],
  ['ema', (ema) => ({ ema }), 0, [-0.1, 1, NaN]],
  ['validate.every', (every) => ({ validate: { data, every } }), 1, [0]],
  ['validate.rows', (rows) => ({ validate: { data, every: 1, rows } }), 1, [0]],
  [
    'early.patience',
    (patience) => ({
      validate: { data, every: 1 },
      early: { metric: 'reconstruction', patience },
    }),
    1,
    [0],
  ],
  ['checkpoint.every', (every) => ({ checkpoint: { store, every } }), 1, [0]],
  ['checkpoint.keep', (keep) => ({ checkpoint: { store, every: 1, keep } }), 1, [0]],
])('takes `%s` from its least value on, and names it below', (name, how, least, wrong) => {
  expect(make(how(least))).not.toThrow();
  for (const value of wrong) {
    expect(make(how(value))).toThrow(ConfigError);
    expect(make(how(value))).toThrow(`\`${name}\``);
  }
});

it('has no best step without a validation that tells it', () => {
  expect(make({ early: { metric: 'reconstruction' } })).toThrow(/`early`.*needs `validate`/);
});

it('refuses gradients of another model or other data', () => {
  expect(make({ gradients: localGradients(model, data) })).not.toThrow();
  const ofOthers = [
    localGradients(smallModel({ hidden: 2 }), data),
    localGradients(model, bitRows(8)),
  ];
  for (const gradients of ofOthers) {
    expect(make({ gradients })).toThrow(ConfigError);
    expect(make({ gradients })).toThrow(/another model or other data/);
  }
});
