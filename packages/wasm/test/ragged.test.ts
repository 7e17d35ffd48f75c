import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);

/** Rows of rows of numbers, of any lengths: a ragged tensor as the arrays that it stands for. */
type Nested = number[][][];

const nested: fc.Arbitrary<Nested> = fc.array(
  fc.array(fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 4 }), { maxLength: 4 }),
  { minLength: 1, maxLength: 4 },
);

const splitsOf = (rows: unknown[][]): number[] =>
  rows.reduce<number[]>((splits, row) => [...splits, splits.at(-1)! + row.length], [0]);

const int32 = (numbers: number[]): tf.Tensor1D => tf.tensor1d(numbers, 'int32');
const values = async (x: tf.Tensor): Promise<number[]> => Array.from(await x.data());

it('gathered rows are the rows', async () => {
  const indexed = nested.chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      indices: fc.array(fc.nat(rows.length - 1), { minLength: 1, maxLength: 5 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(indexed, async ({ rows, indices }) => {
      poisonHeap(1 << 10);
      const { outputNestedSplits: splits, outputDenseValues: dense } = tf.raggedGather(
        [int32(splitsOf(rows)), int32(splitsOf(rows.flat()))],
        int32(rows.flat(2)),
        int32(indices),
        2,
      );
      const gathered = indices.map((index) => rows[index]!);
      expect(await Promise.all(splits.map(values))).toEqual([
        splitsOf(gathered),
        splitsOf(gathered.flat()),
      ]);
      expect(await values(dense)).toEqual(gathered.flat(2));
    }),
    { numRuns: 60, seed: 13 },
  );
});

it.each(['ROW_SPLITS', 'VALUE_ROWIDS'])(
  'rows by %s are dense with the default after them, and cut where the shape ends',
  async (type) => {
    const sized = fc.record({
      rows: nested,
      limits: fc.tuple(fc.constant(-1), fc.integer({ min: -1, max: 3 }), fc.constantFrom(-1, 2)),
    });
    const partition = (rows: unknown[][]): tf.Tensor1D =>
      int32(type === 'ROW_SPLITS' ? splitsOf(rows) : rows.flatMap((row, i) => row.map(() => i)));
    await fc.assert(
      fc.asyncProperty(sized, async ({ rows, limits }) => {
        poisonHeap(1 << 10);
        const dense = tf.raggedTensorToTensor(
          limits.some((limit) => limit >= 0) ? int32(limits) : tf.scalar(-1, 'int32'),
          int32(rows.flat(2)),
          tf.scalar(-7, 'int32'),
          [tf.scalar(rows.length, 'int32'), partition(rows), partition(rows.flat())],
          ['FIRST_DIM_SIZE', type, type],
        );
        const widest = (lists: unknown[][]): number => Math.max(0, ...lists.map((l) => l.length));
        const shape = [rows.length, widest(rows), widest(rows.flat())].map((extent, d) =>
          limits[d]! >= 0 ? limits[d]! : extent,
        );
        expect(dense.shape).toEqual(shape);
        const expected: number[] = [];
        for (let i = 0; i < shape[0]!; i++)
          for (let j = 0; j < shape[1]!; j++)
            for (let k = 0; k < shape[2]!; k++) expected.push(rows[i]?.[j]?.[k] ?? -7);
        expect(await values(dense)).toEqual(expected);
      }),
      { numRuns: 60, seed: 17 },
    );
  },
);

it('ranges go up or down to before their limits', async () => {
  const { rtNestedSplits, rtDenseValues } = tf.raggedRange(
    tf.tensor1d([0, 5, 8]),
    tf.tensor1d([1, 5, 7.2]),
    tf.tensor1d([0.25, 1, -0.3]),
  );
  expect(await values(rtNestedSplits!)).toEqual([0, 4, 4, 7]);
  const dense = [0, 0.25, 0.5, 0.75, 8, 8 - Math.fround(0.3), 8 - 2 * Math.fround(0.3)];
  expect(await values(rtDenseValues!)).toEqual(dense.map(Math.fround));
});
