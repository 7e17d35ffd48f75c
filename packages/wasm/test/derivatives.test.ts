import { checkEach, groups } from '@elbo/testing/derivatives';
import { beforeAll, beforeEach, describe } from 'vitest';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);
beforeEach(() => {
  poisonHeap();
});

describe('with these kernels, derivatives equal difference quotients', () => {
  for (const [group, cases] of Object.entries(groups))
    describe(group, () => {
      checkEach(cases);
    });
});
