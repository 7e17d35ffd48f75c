import '@elbo/gradients';
import { standardNormal } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { compose, reconstruction, term } from '@elbo/objectives';
import { selectBackend } from '@elbo/backends';
import { add, memory, mul, ones, sum } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { checkpointNames, decodeCheckpoint, memoryStore } from '../src/index.js';
import { all, bitRows, options, train } from './world.js';

beforeAll(async () => {
  await selectBackend({ backend: 'wasm' });
});

/** Asks at one step for 4 GiB in one tensor, as much as WebAssembly's memory can ever be. */
const greedy = term({
  config: { kind: 'test-greedy' },
  name: 'greedy',
  role: 'regulariser',
  needs: ['posterior'],
  play: ({ step, z }) => ({
    cost: () => {
      const side = step === 5 ? 2 ** 15 : 1;
      return mul(sum(z), sum(add(ones([side, 1]), ones([1, side]))));
    },
  }),
});

it('out of memory is an error that says so, the state before it is saved, and nothing is lost', async () => {
  const model = compose({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network: mlp({ hidden: [4] }), latent: 2 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [4] }), shape: [6] }),
    terms: [reconstruction(), greedy],
  });
  const before = memory().numTensors;
  const store = memoryStore();
  const checkpoint = { store, every: 1000 };
  const run = train(model, bitRows(), { ...options, checkpoint });
  await expect(all(run)).rejects.toThrow(
    /There is no memory for step 6, and the state after step 5 is saved as a checkpoint\..*Out of memory: no 4/,
  );
  const [name] = checkpointNames(await store.list());
  expect(decodeCheckpoint(await store.read(name!), name!).step).toBe(5);
  run.dispose();
  expect(memory().numTensors).toBe(before);
});
