import '@tensorflow/tfjs-backend-cpu';
import '@elbo/gradients';
import type { Store } from '@elbo/core';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { checkpointNames, memoryStore } from '../src/index.js';
import { all, bitRows, options, smallModel, train } from './world.js';

beforeAll(() => setBackend('cpu'));

it('a run whose process ended between its last checkpoint and the removal of old ones keeps as many as any other', async () => {
  const store = memoryStore();
  // What the process did not come to.
  const cut: Store = { ...store, remove: () => Promise.resolve() };
  const model = smallModel({ hidden: 4 });
  const short = { ...options, steps: 8, every: 8 };
  const run = train(model, bitRows(), {
    ...short,
    checkpoint: { store: cut, every: 2, keep: 2 },
  });
  await all(run);
  expect(checkpointNames(await store.list())).toHaveLength(4);
  const again = train(model, bitRows(), {
    ...short,
    checkpoint: { store, every: 2, keep: 2 },
    from: run.take(),
  });
  await all(again);
  again.dispose();
  expect(checkpointNames(await store.list())).toEqual([
    '00000006.safetensors',
    '00000008.safetensors',
  ]);
});
