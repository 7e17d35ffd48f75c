import '@elbo/gradients';
import { DataError, flatten, leaves, type Params } from '@elbo/core';
import { binarise, fromArrays, type Dataset } from '@elbo/datasets';
import { key, uniform } from '@elbo/random';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { dispose, memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  decodeCheckpoint,
  initialState,
  localGradients,
  memoryStore,
  type MoveGradients,
} from '../src/index.js';
import { all, bitRows, options, smallModel, train } from './world.js';

const model = smallModel();
/** Read with noise. */
const data = binarise(
  fromArrays({ name: 'grey', x: uniform(key(3), 90 * 6), shape: [6] }),
  'dynamic',
);
const draw = { rows: Uint32Array.of(3, 80, 3, 41, 7, 12, 60), key: key(5) };
const moment = { step: 0, key: key(6) };
const players = { primal: true, dual: true };

beforeAll(async () => {
  setThreadsCount(1);
  await setBackend('wasm');
});

/** Every number of a move's gradients and measurements, by path. */
async function numbersOf(found: MoveGradients): Promise<ReadonlyMap<string, Float32Array>> {
  const tree: Params = {
    primal: found.primal!.gradients,
    dual: found.dual!.gradients,
    measured: found.measured,
  };
  const read = flatten(tree).map(
    async ({ path, tensor }) => [path, await tensor.data<'float32'>()] as const,
  );
  const numbers = new Map(await Promise.all(read));
  dispose(leaves(tree));
  return numbers;
}

it.each([[[7]], [[4, 3]], [[1, 5, 1]], [[1, 1, 1, 1, 1, 1, 1]]])(
  'the shares of parts of %o rows add up to the gradients of the whole',
  async (counts) => {
    const { params, ...state } = initialState(
      model,
      { primal: options.primal, dual: options.dual! },
      { seed: 1, x: [6], ema: false },
    );
    const before = memory().numTensors;
    const find = async (...part: Parameters<typeof localGradients>[2][]) => {
      const batch = await localGradients(model, data, ...part).open(draw);
      try {
        return await numbersOf(await batch.differentiate(params, moment, players));
      } finally {
        batch.dispose();
      }
    };
    const whole = await find();
    const of = draw.rows.length;
    let first = 0;
    const shares: ReadonlyMap<string, Float32Array>[] = [];
    for (const count of counts) {
      const part = { first, count, of };
      shares.push(await find(() => part));
      first += count;
    }
    for (const [path, values] of whole) {
      // A sum of n float32 numbers is off by at most n · 2^-24 times the sum of their sizes, in any order. Here n is
      // 7 rows, twice 16 units forth and back, and 6 values: about 64.
      values.forEach((value, i) => {
        const terms = shares.map((share) => share.get(path)![i]!);
        const sizes = terms.reduce((sum, term) => sum + Math.abs(term), 0);
        const scale = Math.max(sizes, Math.max(...values.map(Math.abs)));
        const sum = terms.reduce((a, b) => a + b);
        expect(Math.abs(sum - value), path).toBeLessThanOrEqual(2 * 64 * 2 ** -24 * scale);
      });
    }
    expect(memory().numTensors).toBe(before);
    dispose([leaves({ ...params }), leaves({ ...state.optimiser })]);
  },
);

it('saves the last whole step when a minibatch cannot be read', async () => {
  const bits = bitRows();
  let reads = 0;
  const broken: Dataset = {
    ...bits,
    read: (...asked) => {
      if (++reads > 7) throw new DataError('The disk is gone.');
      return bits.read(...asked);
    },
  };
  const store = memoryStore();
  const run = train(model, broken, { ...options, checkpoint: { store, every: 1000 } });
  await expect(all(run)).rejects.toThrow('The disk is gone.');
  expect(run.state.step).toBe(7);
  run.dispose();
  const [name] = await store.list();
  expect(decodeCheckpoint(await store.read(name!), name!).step).toBe(7);

  const whole = train(model, bits, { ...options, steps: 7 });
  await all(whole);
  const { primal } = whole.state.params;
  const saved = decodeCheckpoint(await store.read(name!), name!).tensors;
  for (const { path, tensor } of flatten(primal))
    expect(saved.get(`params/${path}`)!.values).toEqual(await tensor.data());
  whole.dispose();
});
