import { beforeAll, beforeEach, describe } from 'vitest';
import { checkEach, groups } from '../../../tools/derivatives/index.js';
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
