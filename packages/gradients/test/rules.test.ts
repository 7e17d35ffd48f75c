import { checkEach, groups, type Case } from '@elbo/testing/derivatives';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { backends } from './backends.js';

/** The cases that a stock backend can run. */
const within = (backend: string, cases: Readonly<Record<string, Case>>): Record<string, Case> =>
  Object.fromEntries(
    Object.entries(cases).filter(
      ([, { beyondStockWasm }]) => !(backend === 'wasm' && beyondStockWasm),
    ),
  );

describe.each(backends)('on %s, derivatives equal difference quotients', (backend) => {
  beforeAll(() => tf.setBackend(backend));
  for (const [group, cases] of Object.entries(groups))
    describe(group, () => {
      checkEach(within(backend, cases));
    });
});
