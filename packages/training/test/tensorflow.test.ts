import { heldTensors, selectBackend } from '@elbo/backends';
import type { Dataset } from '@elbo/datasets';
import { backend } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  checkpointName,
  decodeCheckpoint,
  disposeState,
  initialState,
  memoryStore,
  stateFrom,
  type Report,
} from '../src/index.js';
import {
  all,
  bitRows,
  bitsOf,
  hungryModel,
  options,
  smallModel,
  tensorsOf,
  train,
} from './world.js';

// The project whose packages are used: one that has @tensorflow/tfjs-node built, and the tfjs-core of this repository.
const resolveFrom = process.env.ELBO_BACKENDS;

const reason = await selectBackend({ backend: 'node', ...(resolveFrom && { resolveFrom }) }).then(
  () => undefined,
  (error: unknown) => (error as Error).message,
);
if (reason !== undefined)
  console.warn(`Training by TensorFlow is NOT tested (ELBO_BACKENDS names no folder): ${reason}`);

/** As much of tfjs-node's backend as is asked here. */
interface TensorFlowBackend {
  readSync(data: object): unknown;
}

/** Data that are handed out in one array, which is written again as soon as something else may run. */
function inOneArray(data: Dataset): Dataset {
  const only = new Float32Array(options.batchSize * 6);
  return {
    ...data,
    read: (rows, key) => {
      only.set((data.read(rows, key) as { x: Float32Array }).x);
      queueMicrotask(() => only.fill(NaN));
      return { x: only };
    },
  };
}

describe.skipIf(reason !== undefined)('training by TensorFlow', () => {
  it('is not changed by an array that its owner writes again', async () => {
    const metrics = async (data: Dataset): Promise<readonly Report['metrics'][]> => {
      const run = train(smallModel(), data, { ...options, steps: 3, every: 1 });
      const reports = await all(run);
      run.dispose();
      return reports.map((report) => report.metrics);
    };
    expect(await metrics(inOneArray(bitRows()))).toEqual(await metrics(bitRows()));
  });

  it('ends at the same bits when it goes on from a checkpoint', async () => {
    const store = memoryStore();
    const checkpoint = { store, every: 4 };
    const whole = train(smallModel(), bitRows(), { ...options, steps: 10, checkpoint });
    await all(whole);
    const saved = decodeCheckpoint(await store.read(checkpointName(4)), 'step 4');
    const model = smallModel();
    const rules = { primal: options.primal, dual: options.dual! };
    const like = initialState(model, rules, { seed: 0, x: [6], ema: true });
    const from = stateFrom(saved, like, 'step 4');
    disposeState(like);
    const resumed = train(model, bitRows(), { ...options, steps: 10, from });
    await all(resumed);
    expect(bitsOf(resumed.state)).toEqual(bitsOf(whole.state));
    whole.dispose();
    resumed.dispose();
  });

  it('saves the state before a step for which there is no memory', async () => {
    const before = heldTensors();
    const store = memoryStore();
    const checkpoint = { store, every: 1000 };
    const run = train(hungryModel(2 ** 21), bitRows(), { ...options, checkpoint });
    await expect(all(run)).rejects.toThrow(
      /Out of memory at step 6; the state after step 5 is saved as a checkpoint\.[^]*OOM/,
    );
    expect(decodeCheckpoint(await store.read(checkpointName(5)), 'step 5').step).toBe(5);
    run.dispose();
    expect(heldTensors()).toEqual(before);
    // TensorFlow waits ten seconds for memory to become free.
  });

  it('reads nothing but reports, and loses no tensor, its own count of them included', async () => {
    const own = backend() as unknown as TensorFlowBackend;
    const { readSync } = own;
    let reads = 0;
    own.readSync = (data) => {
      reads++;
      return readSync.call(own, data);
    };
    const before = heldTensors();
    const run = train(smallModel(), bitRows(), { ...options, steps: 60, every: 20 });
    try {
      for await (const { step } of run) {
        expect(reads).toBe(step / 20);
        const count = tensorsOf(run.state);
        const { tensors, buffers } = before;
        expect(heldTensors()).toEqual({ tensors: tensors + count, buffers: buffers + count });
      }
    } finally {
      Reflect.deleteProperty(own, 'readSync');
    }
    run.dispose();
    expect(heldTensors()).toEqual(before);
  });
});
