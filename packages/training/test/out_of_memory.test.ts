import '@elbo/gradients';
import { selectBackend } from '@elbo/backends';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { checkpointNames, decodeCheckpoint, memoryStore } from '../src/index.js';
import { all, bitRows, hungryModel, options, train } from './world.js';

beforeAll(async () => {
  await selectBackend({ backend: 'wasm' });
});

it('out of memory is an error that says so, the state before it is saved, and nothing is lost', async () => {
  // 4 GiB, as much as WebAssembly's memory can ever be.
  const model = hungryModel(2 ** 15);
  const before = memory().numTensors;
  const store = memoryStore();
  const checkpoint = { store, every: 1000 };
  const run = train(model, bitRows(), { ...options, checkpoint });
  await expect(all(run)).rejects.toThrow(
    /Out of memory at step 6; the state after step 5 is saved as a checkpoint\..*Out of memory: no 4/,
  );
  const [name] = checkpointNames(await store.list());
  expect(decodeCheckpoint(await store.read(name!), name!).step).toBe(5);
  run.dispose();
  expect(memory().numTensors).toBe(before);
});

it('of the first step there is no state to speak of', async () => {
  const run = train(hungryModel(2 ** 15, 0), bitRows(), {
    ...options,
    checkpoint: { store: memoryStore(), every: 1000 },
  });
  await expect(all(run)).rejects.toThrow(
    /Out of memory at step 1; it is the first step, so nothing is lost\./,
  );
  run.dispose();
});
