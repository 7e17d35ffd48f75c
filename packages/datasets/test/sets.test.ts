import { DataError, type Config } from '@elbo/core';
import { key } from '@elbo/random';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  batches,
  binarise,
  conditionOnLabel,
  describeSets,
  expectAlike,
  fromArrays,
  heldOut,
  linearGaussian,
  molecules,
  momentsOf,
  ring,
  strokes,
  words,
  type Dataset,
  type Rows,
} from '../src/index.js';
import { buildDataset, deriveSets, loadSets } from '../src/node/index.js';
import { idxFile } from './files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbo-sets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A dataset whose row i has the value i, and, with `classes`, the label i modulo that. */
function numbered(size: number, classes?: number, shape: readonly number[] = [1]): Dataset {
  const width = shape.reduce((a, b) => a * b, 1);
  return fromArrays({
    x: Float32Array.from({ length: size * width }, (_, i) => Math.floor(i / width)),
    shape,
    range: 'finite',
    name: `${size} of ${classes}`,
    ...(classes && { label: Int32Array.from({ length: size }, (_, i) => i % classes) }),
  });
}

async function rowsOf(data: Dataset): Promise<number[]> {
  const { x } = await data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(0),
  );
  return Array.from({ length: data.size }, (_, i) => x[(i * x.length) / data.size]!);
}

/** A folder of images, whose first pixel is their number; `splits` are sizes by the first words of file names. */
async function images(
  splits: Readonly<Record<string, number>>,
  [height, width]: readonly [number, number] = [2, 2],
  classes: Readonly<Record<string, number>> = {},
): Promise<void> {
  for (const [word, size] of Object.entries(splits)) {
    const area = height * width;
    const pixels = Uint8Array.from({ length: size * area }, (_, i) =>
      i % area === 0 ? i / area : 128,
    );
    await writeFile(
      join(folder, `${word}-images-idx3-ubyte`),
      idxFile([size, height, width], pixels),
    );
    const count = classes[word];
    if (count !== undefined)
      await writeFile(
        join(folder, `${word}-labels-idx1-ubyte`),
        idxFile(
          [size],
          Uint8Array.from({ length: size }, (_, i) => i % count),
        ),
      );
  }
}

test('held-out parts are a partition of the rows, the same at every time and for every batch size', async () => {
  const data = numbered(100);
  for (const [options, sizes] of [
    [{ validation: 0.1 }, [90, 10, 0]],
    [{ validation: 7, test: 0.2 }, [73, 7, 20]],
    [{ validation: 0.001, test: 1 }, [98, 1, 1]],
  ] as const) {
    const { train, validation, test: tested } = heldOut(data, options);
    const parts = [train, validation, ...(tested ? [tested] : [])];
    expect([train.size, validation.size, tested?.size ?? 0]).toEqual(sizes);
    const all = (await Promise.all(parts.map(rowsOf))).flat();
    expect([...all].sort((a, b) => a - b)).toEqual(await rowsOf(data));
    const again = heldOut(data, options);
    expect((await Promise.all([again.train, again.validation].map(rowsOf))).flat()).toEqual(
      all.slice(0, sizes[0] + sizes[1]),
    );
  }
  // What is validated on does not depend on how many rows are tested on.
  const [few, many] = [
    heldOut(data, { validation: 9 }),
    heldOut(data, { validation: 9, test: 50 }),
  ];
  expect(await rowsOf(few.validation)).toEqual(await rowsOf(many.validation));
  // Batches are of the training rows, whatever their size.
  const kept = new Set(await rowsOf(many.validation));
  for (const batchSize of [3, 41, 100]) {
    const { x } = many.train.read(batches(many.train, { batchSize }).at(5).rows, key(0)) as Rows;
    expect([...x].some((row) => kept.has(row))).toBe(false);
  }
  expect(() => heldOut(data, { validation: 0.5, test: 50 })).toThrow(/100 of its 100 rows/);
  for (const validation of [0, -1, 1.5, NaN, Infinity])
    expect(() => heldOut(data, { validation })).toThrow(/'validation' is a number of rows, or/);
});

test('what data are, all splits say together', async () => {
  const sets = { train: numbered(30, 3), validation: numbered(10), test: numbered(20, 5) };
  expect(await describeSets(sets)).toMatchObject({ shape: [1], unit: false, classes: 5 });
  // Labels that one split lacks are classes all the same.
  const digits = strokes({ size: 20 });
  const [bits, grey] = [binarise(digits, 'static'), digits];
  expect((await describeSets({ train: bits, validation: bits, test: bits })).unit).toBe(true);
  expect((await describeSets({ train: bits, validation: bits, test: grey })).unit).toBe(false);
  expect(
    await describeSets({
      train: words({ size: 3 }),
      validation: words({ size: 3 }),
      test: words({ size: 3 }),
    }),
  ).toMatchObject({ sequence: true, unit: true, classes: 3 });
});

test('data have as many levels as all splits say, or none', async () => {
  // Strokes say none of their own.
  const of = (levels?: number): Dataset => ({
    ...strokes({ size: 5 }),
    ...(levels !== undefined && { levels }),
  });
  const levels = async (...[train, validation, test]: readonly (number | undefined)[]) =>
    (await describeSets({ train: of(train), validation: of(validation), test: of(test) })).levels;
  expect(await levels(256, 256, 256)).toBe(256);
  expect(await levels(256, 2, 256)).toBeUndefined();
  expect(await levels(256, 256, 2)).toBeUndefined();
  expect(await levels(undefined, 256, 256)).toBeUndefined();
});

test('splits that do not belong together are refused, and both are named', async () => {
  const train = numbered(6, 2, [8, 10, 1]);
  const other = numbered(5, 2, [10, 8, 1]);
  const failed = describeSets({ train, validation: train, test: other });
  await expect(failed).rejects.toThrow(DataError);
  await expect(failed).rejects.toThrow(
    /rows of train \(6 of 2\) have the shape \[8, 10, 1\], but those of test \(5 of 2\) have the shape \[10, 8, 1\]/,
  );
  const [five, four] = [numbered(20, 5), numbered(20, 4)];
  expect(() => {
    expectAlike({ train: conditionOnLabel(five), test: conditionOnLabel(four) });
  }).toThrow(/conditions of 5 values.*conditions of 4 values.*'classes'/);
  expectAlike({ train: conditionOnLabel(five), test: conditionOnLabel(four, 5) });
  expect(() => conditionOnLabel(five, 4)).toThrow(/5 classes, more than the 4/);
  expect(() => conditionOnLabel(numbered(3), 4)).toThrow(/no labels/);
  expect(() => {
    expectAlike({ train: words(), test: molecules() });
  }).toThrow(/shape|symbols/);
});

test('moments are those of the rows, also far from zero, and of data in [0, 1] there are none', async () => {
  const { mean, sd } = (await momentsOf(numbered(5000)))!;
  // Of 0, …, n − 1: (n − 1)/2 and √((n² − 1)/12).
  expect(mean[0]).toBeCloseTo(2499.5, 9);
  expect(sd[0]).toBeCloseTo(Math.sqrt((5000 ** 2 - 1) / 12), 8);
  const far = fromArrays({
    x: Float32Array.from(
      { length: 2000 },
      (_, i) => (i % 2 === 0 ? 2 ** 23 : 7) + (i % 4 < 2 ? 0 : 1),
    ),
    shape: [2],
    range: 'finite',
  });
  const found = (await momentsOf(far))!;
  expect(found.mean).toEqual([2 ** 23 + 0.5, 7.5]);
  found.sd.forEach((deviation) => {
    expect(deviation).toBeCloseTo(0.5, 8);
  });
  expect(await momentsOf(strokes({ size: 4 }))).toBeUndefined();
  expect(
    await momentsOf(fromArrays({ x: Float32Array.of(0, 0.5, 1), shape: [1], range: 'finite' })),
  ).toBeUndefined();
  const sets = {
    train: ring({ size: 500 }),
    validation: ring({ size: 5 }),
    test: ring({ size: 5 }),
  };
  expect((await describeSets(sets)).moments).toEqual(await momentsOf(sets.train));
});

test('a source without rows to validate or test on gives a tenth of those to train on for each; its own are taken', async () => {
  await images({ train: 50, t10k: 20 });
  const sets = await loadSets(folder);
  expect([sets.train.size, sets.validation.size, sets.test.size]).toEqual([45, 5, 20]);
  const numbers = [...(await rowsOf(sets.train)), ...(await rowsOf(sets.validation))];
  expect(new Set(numbers).size).toBe(50);
  const other = await loadSets(folder, { holdOut: { validation: 10, test: 15 } });
  expect([other.train.size, other.validation.size, other.test.size]).toEqual([25, 10, 15]);
  // Through JSON and the files, the same rows again.
  for (const data of [...Object.values(sets), ...Object.values(other)]) {
    const again = await buildDataset(JSON.parse(JSON.stringify(data.config)) as Config);
    expect(await rowsOf(again)).toEqual(await rowsOf(data));
  }
  await images({ valid: 30 });
  expect((await loadSets(folder)).validation.size).toBe(30);
  expect((await loadSets(folder)).train.size).toBe(50);

  const single = join(folder, 'train-images-idx3-ubyte');
  const held = await loadSets(single);
  expect([held.train, held.validation, held.test].map(({ size }) => size)).toEqual([40, 5, 5]);
  expect((await loadSets(single, { holdOut: { validation: 0.1, test: 0.1 } })).test.size).toBe(5);
  const drawn = await loadSets('linear-gaussian');
  expect(Object.values(drawn).map(({ config }: Dataset) => config.split)).toEqual([
    'train',
    'validation',
    'test',
  ]);
});

test('sets that a configuration does not name are derived from those it trains on', async () => {
  await images({ train: 50, t10k: 20 });
  const file = (split: string) => ({ kind: 'file', source: folder, split });
  const dressed = (data: Config, how: string) => ({
    kind: 'condition-on-label',
    data: { kind: 'binarise', data, how, seed: 0 },
    classes: 4,
  });
  const of = (part: string) => ({
    kind: 'held-out',
    data: file('train'),
    validation: 0.1,
    test: 0,
    seed: 0,
    part,
  });
  const train = dressed(
    { kind: 'take', n: 9, data: { kind: 'labelled', count: 4, data: file('train') } },
    'dynamic',
  );
  expect(await deriveSets({ train })).toEqual({
    train: dressed(
      { kind: 'take', n: 9, data: { kind: 'labelled', count: 4, data: of('train') } },
      'dynamic',
    ),
    validation: dressed(of('validation'), 'static'),
    test: dressed(file('test'), 'static'),
  });
  // What the files of the training rows held says nothing of the others.
  const digest = '00';
  expect((await deriveSets({ train: { ...file('train'), digest } })).test).toEqual(file('test'));
  // Earlier versions wrote the test rows so.
  const before = await deriveSets({ train: file('train'), validation: file('test') });
  expect(before).toEqual({ train: of('train'), validation: of('validation'), test: file('test') });
  expect(await deriveSets(before)).toEqual(before);
  expect(await deriveSets({ train: of('train') })).toEqual(before);
  const drawn = { kind: 'strokes', size: 600, seed: 3 };
  expect(await deriveSets({ train: drawn })).toEqual({
    train: drawn,
    validation: { ...drawn, split: 'validation' },
    test: { ...drawn, split: 'test' },
  });
  expect((await deriveSets({ train: { kind: 'strokes', size: 30_000 } })).test.size).toBe(10_000);
  await images({ valid: 30 });
  expect((await deriveSets({ train: file('train') })).validation).toEqual(file('validation'));
  await expect(deriveSets({ train: { kind: 'arrays' } })).rejects.toThrow(/'arrays': name them/);
  await expect(deriveSets({ train: file('test') })).rejects.toThrow(/split "test": name them/);
});

test('every procedural set has three splits without a row in common', async () => {
  for (const source of ['strokes', 'sprites', 'linear-gaussian', 'ring', 'grid']) {
    const { train, validation, test: tested } = await loadSets(source);
    const first = (data: Dataset): readonly string[] => {
      const rows = Uint32Array.from({ length: Math.min(50, data.size) }, (_, i) => i);
      const { x } = data.read(rows, key(0)) as Rows;
      const width = x.length / rows.length;
      return Array.from(rows, (row) => x.subarray(row * width, (row + 1) * width).join());
    };
    const all = [train, validation, tested].flatMap(first);
    expect(new Set(all).size).toBe(all.length);
  }
  expect(linearGaussian({ split: 'validation' }).config.split).toBe('validation');
});
