import type { DataMoments } from '@elbo/core';
import { expectTypeOf } from 'vitest';
import {
  batches,
  binarise,
  fourPixels,
  fromArrays,
  grid,
  heldOut,
  labelled,
  momentsOf,
  sprites,
  strokes,
  take,
  words,
  type Dataset,
  type MixtureDataset,
  type RowBatch,
  type Rows,
  type SpritesDataset,
  type StrokesDataset,
  type TextDataset,
} from '../src/index.js';

// Sets are datasets; those that know more about their rows say so.
expectTypeOf(fourPixels()).toEqualTypeOf<Dataset>();
expectTypeOf(strokes({ size: 10 })).toEqualTypeOf<StrokesDataset>();
expectTypeOf(sprites()).toEqualTypeOf<SpritesDataset>();
expectTypeOf(words()).toEqualTypeOf<TextDataset>();
expectTypeOf(grid({ side: 5, spacing: 2, sd: 0.05 })).toEqualTypeOf<MixtureDataset>();
expectTypeOf<StrokesDataset | SpritesDataset | TextDataset | MixtureDataset>().toExtend<Dataset>();
// A set that was changed is a dataset, and no more.
expectTypeOf(binarise(strokes(), 'dynamic')).toEqualTypeOf<Dataset>();
expectTypeOf(take(strokes(), 10)).toEqualTypeOf<Dataset>();
expectTypeOf(heldOut(strokes(), { validation: 10 }))
  .toHaveProperty('train')
  .toEqualTypeOf<Dataset>();
expectTypeOf(momentsOf(fourPixels())).resolves.toEqualTypeOf<DataMoments | undefined>();

// A batch is rows and a key, and what is read of them is flat, with labels where there are some.
const { rows, key } = batches(fourPixels(), { batchSize: 8 }).at(0);
expectTypeOf(batches({ size: 10 }, { batchSize: 8 }).at(0)).toEqualTypeOf<RowBatch>();
expectTypeOf(fourPixels().read(rows, key)).toEqualTypeOf<Rows | Promise<Rows>>();
expectTypeOf<Rows['label']>().toEqualTypeOf<Int32Array | undefined>();

// @ts-expect-error rows are numbers in an array of their own
fourPixels().read([0, 1], key);
// @ts-expect-error augmentation draws by a key
fourPixels().read(rows);
// @ts-expect-error there is no such split
strokes({ split: 'dev' });
// @ts-expect-error an option that it does not have
strokes({ rows: 10 });
// @ts-expect-error there is no such way
binarise(strokes(), 'random');
// @ts-expect-error a batch has a size
batches(fourPixels(), { size: 8 });
// @ts-expect-error the shape of a row is not given
fromArrays({ x: new Float32Array(4) });
// @ts-expect-error nobody knows how many rows keep their labels
labelled(strokes(), {});
// @ts-expect-error datasets are not changed in place
fourPixels().size = 3;
