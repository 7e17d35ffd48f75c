import '@elbo/gradients';
import { disposeTree, flatten, leaves, type Params } from '@elbo/core';
import '@tensorflow/tfjs-backend-cpu';
import { concat, reshape, setBackend, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { encodeCheckpoint } from '../src/checkpoint.js';
import { disposeState } from '../src/index.js';
import { all, bitRows, options, smallModel, train } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

/** An optimiser's state as it is where launches are dear: one vector in the place of each tree of moments. */
const vectorsOf = ({ first, second }: Params): Params =>
  Object.fromEntries(
    Object.entries({ first, second }).map(([name, tree]) => [
      name,
      { '*': tidy(() => concat(leaves(tree as Params).map((leaf) => reshape(leaf, [-1])))) },
    ]),
  );

it('writes the same checkpoint of moments that are vectors as of trees', async () => {
  const run = train(smallModel(), bitRows(), { ...options, steps: 3 });
  await all(run);
  const state = run.take();
  const { primal, dual } = state.optimiser;
  const optimiser = {
    primal: { ...primal, optimiser: vectorsOf(primal.optimiser as Params) },
    dual: vectorsOf(dual),
  };
  expect(flatten(optimiser).map(({ path }) => path)).toContain('primal/optimiser/second/*');
  const how = { seed: 1 };
  expect(await encodeCheckpoint({ ...state, optimiser }, how)).toEqual(
    await encodeCheckpoint(state, how),
  );
  disposeTree(optimiser);
  disposeState(state);
});
