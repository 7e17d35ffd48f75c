import '@elbo/gradients';
import { sgd } from '@elbo/optimisers';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { bitRows, smallModel, tensorsOf, train } from './world.js';

/** Collects garbage, twice for what the first pass frees. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  return () => {
    gc();
    gc();
  };
}

it.skipIf(process.env.ELBO_NIGHTLY === undefined)(
  '10,000 steps grow neither the tensors nor the heap',
  async () => {
    setThreadsCount(1);
    await setBackend('wasm');
    const collect = collector();
    const data = bitRows(60);
    const before = memory().numTensors;
    const run = train(smallModel({ hidden: 4 }), data, {
      steps: 10_000,
      batchSize: 8,
      seed: 1,
      primal: sgd(1e-2),
      dual: sgd(1e-2),
      simultaneous: true,
      every: 1000,
      validate: { data, every: 2000 },
    });
    const seen: { tensors: number; bytes: number; heap: number }[] = [];
    for await (const { split } of run) {
      if (split !== 'training') continue;
      collect();
      const { numTensors, numBytes } = memory();
      seen.push({
        tensors: numTensors - before,
        bytes: numBytes,
        heap: process.memoryUsage().heapUsed,
      });
    }
    expect(new Set(seen.map(({ tensors }) => tensors))).toEqual(new Set([tensorsOf(run.state)]));
    expect(new Set(seen.map(({ bytes }) => bytes)).size).toBe(1);
    // One number boxed and kept a step would be 16 bytes, a tensor's record some 300: allow 50 over the 7000 steps between.
    const heap = (part: typeof seen): number =>
      part.reduce((sum, at) => sum + at.heap, 0) / part.length;
    expect(heap(seen.slice(-3)) - heap(seen.slice(0, 3))).toBeLessThan(50 * 7000);
    run.dispose();
    expect(memory().numTensors).toBe(before);
  },
  1_200_000,
);
