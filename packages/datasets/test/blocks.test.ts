import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blocksOf } from '../src/index.js';

it('every row is in one block, in order, and no block is smaller than the least or larger than need be', () => {
  const count = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(count, count, fc.integer({ min: 1, max: 5 }), (rows, size, least) => {
      const blocks = blocksOf(rows, size, least);
      let next = 0;
      for (const { first, count } of blocks) {
        expect(first).toBe(next);
        next += count;
        if (rows >= least) expect(count).toBeGreaterThanOrEqual(least);
        expect(count).toBeLessThan(Math.max(size, least) + least);
      }
      expect(next).toBe(rows);
    }),
    { seed: 3, numRuns: 300 },
  );
});

it('only a remainder that is too small changes anything', () => {
  const counts = (...asked: Parameters<typeof blocksOf>) => blocksOf(...asked).map((b) => b.count);
  expect(counts(1000, 500, 2)).toEqual([500, 500]);
  expect(counts(1002, 500, 2)).toEqual([500, 500, 2]);
  expect(counts(1001, 500, 1)).toEqual([500, 500, 1]);
  expect(counts(1001, 500, 2)).toEqual([500, 251, 250]);
  expect(counts(3, 2, 2)).toEqual([3]);
  expect(counts(1, 500, 2)).toEqual([1]);
});
