import '@elbo/gradients';
import { encodeSafetensors, FileError, NumericalError } from '@elbo/core';
import { sgd } from '@elbo/optimisers';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it, test } from 'vitest';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  initialState,
  parseTrainingConfig,
} from '../src/index.js';
import { smallModel } from './world.js';

beforeAll(() => setBackend('cpu'));

const whole = { format: 'elbo-checkpoint', version: '1', step: '5', seed: '-7', config: 'null' };
const best = { metric: 'elbo', value: -1.5, step: 3, waited: 1, validated: 5 };

function decoded(metadata: Readonly<Record<string, string>>): ReturnType<typeof decodeCheckpoint> {
  return decodeCheckpoint(
    encodeSafetensors({ tensors: new Map(), metadata: { ...whole, ...metadata } }),
    'it',
  );
}

test('the metadata of a checkpoint are read as they are', () => {
  expect(decoded({ best: JSON.stringify(best) })).toMatchObject({ step: 5, seed: -7, best });
});

test.each([
  ['a step before the first', { step: '-5' }],
  ['a step that is no whole number', { step: '1.5' }],
  ['a step beyond exact numbers', { step: '99999999999999999999' }],
  ['a step with a colour', { step: '\u001b[31m5' }],
  ['a best step before the first', { best: JSON.stringify({ ...best, step: -1 }) }],
  ['half a validation waited', { best: JSON.stringify({ ...best, waited: 0.5 }) }],
  ['a best value that is none', { best: JSON.stringify({ ...best, value: null }) }],
  ['a config that is no JSON', { config: '{' }],
  ['a config that is too deep', { config: '['.repeat(2000) + ']'.repeat(2000) }],
])('%s is one clear error', (_, metadata) => {
  expect(() => decoded(metadata)).toThrow(FileError);
  expect(() => decoded(metadata)).toThrow(
    /^it is not a checkpoint that this version can read: [^\p{Cc}]+$/u,
  );
});

test.each(['constructor', 'prototype', '__proto__', 'toString'])(
  'an unknown option of training named %s is named, not dropped',
  (name) => {
    const value: unknown = JSON.parse(
      `{"steps":1,"batchSize":1,"seed":0,"primal":{"kind":"adam"},"${name}":1}`,
    );
    expect(() => parseTrainingConfig(value)).toThrow(`unknown option '${name}'`);
  },
);

it.each([0, 1, 5])(
  'a number that is not finite at place %i of a tensor is never written',
  async (at) => {
    const values = new Float32Array(6);
    values[at] = NaN;
    const { params, ...rest } = initialState(
      smallModel({ hidden: 2 }),
      { primal: sgd(1), dual: sgd(1) },
      { seed: 1, x: [6], ema: false },
    );
    const state = {
      ...rest,
      step: 4,
      params: { ...params, dual: { kl: { w: tensor1d(values) } } },
    };
    await expect(encodeCheckpoint(state, { seed: 1 })).rejects.toThrow(NumericalError);
    await expect(encodeCheckpoint(state, { seed: 1 })).rejects.toThrow(
      "'params/dual/kl/w' holds NaN after step 4",
    );
  },
);
