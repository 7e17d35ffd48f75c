import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batches, fourPixels, inOrder } from '../src/index.js';

test('over whole epochs every row is seen exactly equally often', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 150 }),
      fc.integer(),
      (size, batchSize, seed) => {
        const stream = batches({ size }, { batchSize, seed });
        const seen = new Uint32Array(size);
        // `size` batches are batchSize whole epochs.
        for (let step = 0; step < size; step++)
          for (const row of stream.at(step).rows) seen[row]!++;
        expect([...seen]).toEqual(new Array(size).fill(batchSize));
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

test('each epoch is a permutation, and not the same one', () => {
  const stream = batches({ size: 100 }, { batchSize: 20, seed: 3 });
  const epoch = (n: number): number[] =>
    Array.from({ length: 5 }, (_, i) => [...stream.at(5 * n + i).rows]).flat();
  const all = Array.from({ length: 100 }, (_, i) => i);
  expect([...epoch(0)].sort((a, b) => a - b)).toEqual(all);
  expect([...epoch(1)].sort((a, b) => a - b)).toEqual(all);
  expect(epoch(0)).not.toEqual(epoch(1));
  expect(epoch(0)).not.toEqual(all);
});

test('a batch is a function of seed and step only, in whatever order it is asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 90 }),
      fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 10 }),
      (size, batchSize, steps) => {
        const stream = batches({ size }, { batchSize, seed: 5 });
        for (const step of steps)
          expect(stream.at(step)).toEqual(batches({ size }, { batchSize, seed: 5 }).at(step));
      },
    ),
    { numRuns: 50, seed: 2 },
  );
  const keys = [0, 1].map((step) => batches({ size: 9 }, { batchSize: 2 }).at(step).key);
  expect(keys[0]).not.toEqual(keys[1]);
});

test('512 of four pixels are 128 of each', () => {
  const { rows } = batches(fourPixels(), { batchSize: 512, seed: 7 }).at(123);
  const counts = [0, 0, 0, 0];
  for (const row of rows) counts[row]!++;
  expect(counts).toEqual([128, 128, 128, 128]);
});

test('in order, every row comes once, the last batch smaller', () => {
  const all = [...inOrder({ size: 10 }, { batchSize: 4 })];
  expect(all.map(({ rows }) => [...rows])).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ]);
  expect(all[1]!.key).not.toEqual(all[0]!.key);
  expect([...inOrder({ size: 10 }, { batchSize: 4 })]).toEqual(all);
});

test('nonsense is refused in words', () => {
  expect(() => batches({ size: 4 }, { batchSize: 0 })).toThrow(/batchSize must be a whole number/);
  expect(() => batches({ size: 4 }, { batchSize: 2.5 })).toThrow(/2.5/);
  expect(() => batches({ size: 4 }, { batchSize: 2 }).at(-1)).toThrow(/step/);
});
