// What every set promises of itself, whichever it is.
import { ConfigError, createRegistry, DataError, type Json } from '@elbo/core';
import { key } from '@elbo/random';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import {
  binarise,
  conditionOnLabel,
  datasetCategory,
  datasetKinds,
  fourPixels,
  fromArrays,
  grid,
  heldOut,
  labelled,
  linearGaussian,
  molecules,
  momentsOf,
  procedural,
  ring,
  sprites,
  strokes,
  subset,
  take,
  words,
  type Dataset,
  type Rows,
} from '../src/index.js';
import { deriveSets, loadDataset } from '../src/node/index.js';
import { idxFiles } from '../src/node/formats/idx.js';
import { splitFiles } from '../src/node/formats/split_files.js';
import { splitsOf } from '../src/node/load_sets.js';
import type { Place } from '../src/node/place.js';
import { verify } from '../src/node/verify.js';
import { gzip, idxFile } from './files.js';

const read = (data: Dataset, n = data.size): Rows =>
  data.read(
    Uint32Array.from({ length: n }, (_, i) => i),
    key(0),
  ) as Rows;
const seeded = [strokes, sprites, words, molecules, ring, grid, linearGaussian] as const;
const some = { size: 40 };

describe.each(procedural.map(({ name, make }) => [name, make] as const))('%s', (name, make) => {
  const data = name === 'four-pixels' ? make() : make(some);
  const { x, label, condition } = read(data);

  it('is of as many rows, values, classes and conditions as it says', () => {
    const width = data.shape.reduce((a, b) => a * b, 1);
    expect(x).toHaveLength(data.size * width);
    expect(label?.length).toBe(data.classes && data.size);
    expect(label?.every((c) => c >= 0 && c < data.classes!)).toBe(data.classes && true);
    expect(condition).toBeUndefined();
    expect(data.name).toBe(name);
  });

  it('is of bits, or in [0, 1], where it says so, and only there', () => {
    expect(x.every((value) => value === 0 || value === 1)).toBe(data.binary);
    if (data.range === 'unit' || data.alphabet)
      expect(x.every((value) => value >= 0 && value <= 1)).toBe(true);
    else if (!data.binary) expect(x.some((value) => value < 0 || value > 1)).toBe(true);
  });

  it('has no row beyond its last', () => {
    expect(() => data.read(Uint32Array.of(data.size - 1), key(0))).not.toThrow();
    expect(() => data.read(Uint32Array.of(data.size), key(0))).toThrow(
      `there is no row ${data.size}; it has rows 0 to ${data.size - 1}`,
    );
  });
});

test.each(procedural.map(({ name, make }) => [name, make] as const))(
  '%s of a config that says no more is the set that nothing is asked of',
  (name, make) => {
    const built = createRegistry(...datasetKinds).build(datasetCategory, { kind: name });
    const plain = make();
    expect(built.config).toEqual(plain.config);
    expect(built.size).toBe(plain.size);
    expect(read(built, 3)).toEqual(read(plain, 3));
  },
);

test.each(['validation', 'test'] as const)('strokes by name have fewer rows for %s', (split) => {
  const { make } = procedural.find(({ name }) => name === 'strokes')!;
  expect(make({ split }).config).toMatchObject({ split, size: 10_000 });
  expect(make({ split: 'train' }).size).toBe(60_000);
  expect(make({ split, size: 7 }).size).toBe(7);
});

describe.each(seeded.map((make) => [make.name, make] as const))('%s', (_, make) => {
  it('is told nothing: rows to train on, of seed 0', () => {
    const { config } = make(some);
    expect(config).toMatchObject({ seed: 0, split: 'train', ...some });
    expect(read(make(some), 5)).toEqual(read(make({ ...some, seed: 0, split: 'train' }), 5));
  });

  it('refuses options that are none, and sizes that no set has', () => {
    for (const bad of [null, 3, 'test'] as unknown[])
      expect(() => make(bad as typeof some)).toThrow(ConfigError);
    for (const size of [0, -1, 1.5, NaN]) expect(() => make({ size })).toThrow(/size/);
  });
});

describe('what is made of a set', () => {
  const whole = fromArrays({
    x: Float32Array.of(0, 1, 1, 0, 1, 1),
    shape: [2],
    label: Int32Array.of(2, 0, 1),
    condition: Float32Array.of(5, 6, 7),
  });

  it.each(['static', 'dynamic', 'threshold'] as const)(
    'keeps labels and conditions when it is binarised: %s',
    (how) => {
      const bits = binarise(whole, how);
      // Of a pixel that is a bit every way makes that bit.
      expect(read(bits)).toEqual(read(whole));
      expect(bits).toMatchObject({ classes: 3, conditions: 1, binary: true, range: 'unit' });
    },
  );

  it('is of seed 0 where none is named', () => {
    const digits = strokes({ size: 12 });
    for (const [told, untold] of [
      [binarise(digits, 'static', 0), binarise(digits, 'static')],
      [heldOut(digits, { validation: 3, seed: 0 }).train, heldOut(digits, { validation: 3 }).train],
      [labelled(digits, { count: 2, seed: 0, share: 0 }), labelled(digits, { count: 2 })],
    ] as const) {
      expect(untold.config).toEqual(told.config);
      expect(untold.config.seed).toBe(0);
    }
  });

  it('has the rows that it names, the last too, and one at least', () => {
    expect(read(subset(whole, [2])).x).toEqual(Float32Array.of(1, 1));
    expect(read(take(whole, 1))).toEqual({
      x: Float32Array.of(0, 1),
      label: Int32Array.of(2),
      condition: Float32Array.of(5),
    });
    expect(() => take(whole, 0)).toThrow('at least 1');
    expect(heldOut(fourPixels(), { validation: 1, test: 2 }).train.size).toBe(1);
    expect(() => heldOut(fourPixels(), { validation: 1, test: 3 })).toThrow('leave none');
    // A share that is less than a row is one.
    expect(heldOut(fourPixels(), { validation: 0.01 }).validation.size).toBe(1);
    expect(heldOut(fourPixels(), { validation: 0.6 }).validation.size).toBe(2);
    expect(heldOut(fourPixels(), { validation: 1 }).test).toBeUndefined();
  });

  it('shows as many labels of each class as come out even, the first classes one more', () => {
    const data = fromArrays({
      x: new Float32Array(600),
      shape: [1],
      label: Int32Array.from({ length: 600 }, (_, i) => i % 3),
    });
    const { label } = read(labelled(data, { count: 8 }));
    expect([-1, 0, 1, 2].map((c) => label!.filter((l) => l === c).length)).toEqual([592, 3, 3, 2]);
    // Of three rows and three more, half are labelled ones again.
    const again = labelled(whole, { count: 3, share: 0.5 });
    expect(again.size).toBe(6);
    expect([...read(again).label!].slice(3).sort()).toEqual([0, 1, 2]);
    expect(() => read(labelled(whole, { count: 4 }))).toThrow(
      'class 0 has 1 labelled rows, but 2 should',
    );
    for (const share of [1, -0.1, NaN])
      expect(() => labelled(whole, { count: 1, share })).toThrow(/'share' must be 0 or more/);
    expect(() => labelled(whole, { count: 0 })).toThrow('count');
  });

  it('is conditioned on as many classes as it is told', () => {
    const { condition } = read(
      conditionOnLabel(
        fromArrays({
          x: Float32Array.of(0, 1),
          shape: [1],
          label: Int32Array.of(1, 0),
        }),
        3,
      ),
    );
    expect([...condition!]).toEqual([0, 1, 0, 1, 0, 0]);
  });
});

describe('moments', () => {
  it('of single numbers are one mean and one standard deviation', async () => {
    const data = fromArrays({ x: Float32Array.of(-1, 3), shape: [], range: 'finite' });
    expect(await momentsOf(data)).toEqual({ mean: [1], sd: [2] });
  });

  it('are of data that are not pixels: below 0, above 1, or too little to be any', async () => {
    const of = (...x: readonly number[]) =>
      momentsOf(fromArrays({ x: Float32Array.from(x), shape: [1], range: 'finite' }));
    expect(await of(0, 1)).toBeUndefined();
    expect(await of(0, 1 / 256)).toBeUndefined();
    expect(await of(0, 1 / 257)).toBeDefined();
    expect(await of(-0.001, 1)).toBeDefined();
    expect(await of(0, 1.001)).toBeDefined();
  });
});

describe('sets of files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'elbo-promises-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('whose name tells of no labels have none', async () => {
    const path = join(folder, 'digits.bytes');
    await writeFile(path, idxFile([2, 1, 1], [0, 255]));
    const data = await loadDataset(path);
    expect([data.size, data.classes]).toEqual([2, undefined]);
    expect([...read(data).x]).toEqual([0, 1]);
  });

  it('known by name have no rows to validate on, and those that are made have', async () => {
    expect(await splitsOf('mnist')).toEqual(['train', 'test']);
    expect(await splitsOf('strokes')).toEqual(['train', 'validation', 'test']);
    for (const word of ['train', 'val'])
      await writeFile(join(folder, `${word}-images-idx3-ubyte`), idxFile([1, 1, 1], [0]));
    expect(await splitsOf(folder)).toEqual(['train', 'validation']);
    // A name is a name, whatever folders there are.
    await mkdir(join(folder, 'mnist'));
    await writeFile(join(folder, 'mnist', 'val-images-idx3-ubyte'), idxFile([1, 1, 1], [0]));
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(await splitsOf('mnist')).toEqual(['train', 'test']);
    } finally {
      process.chdir(before);
    }
  });

  it('are told by the names of their splits; one file is all there is', () => {
    const files = splitFiles(['.txt', '.smi'], (name) => name === 'labels.txt');
    const folderOf = (...names: readonly string[]): Place => ({
      path: '/f',
      kind: 'folder',
      names,
      head: new Uint8Array(0),
    });
    expect(['a.txt', 'A.SMI', 'labels.txt', 'a.csv'].map(files.isOne)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const three = folderOf('dev.txt', 'my-train.txt', 'test.smi', 'labels.txt');
    expect(files.splits(three)).toEqual(['train', 'validation', 'test']);
    expect(files.fileOf(three, 'validation')).toBe(join('/f', 'dev.txt'));
    // A single file has all rows in it; of several a name must say so.
    expect(files.fileOf(folderOf('rows.txt', 'other.csv'), 'train')).toBe(join('/f', 'rows.txt'));
    expect(files.splits(folderOf('rows.txt'))).toEqual(['train']);
    expect(files.splits(folderOf('a.txt', 'b.txt'))).toEqual([]);
    expect(() => files.fileOf(folderOf('a.txt', 'b.txt'), 'train')).toThrow(
      'no file of the train split',
    );
    expect(() => files.fileOf(folderOf('rows.txt'), 'test')).toThrow('no file of the test split');
    expect(() => files.fileOf(folderOf('train.txt', 'train.smi'), 'train')).toThrow(
      'several files',
    );
    const alone: Place = {
      path: '/f/test.txt',
      kind: 'file',
      names: ['test.txt'],
      head: new Uint8Array(0),
    };
    expect([files.splits(alone), files.fileOf(alone, 'train')]).toEqual([['train'], '/f/test.txt']);
    expect(() => files.fileOf(alone, 'test')).toThrow('one file has no test split');
  });

  it('are of the format that their name or their first bytes tell', async () => {
    const images = idxFile([2, 1, 1], [0, 255]);
    const [packed, named] = [join(folder, 'digits.gz'), join(folder, 'test-images.idx3')];
    await writeFile(packed, gzip(images));
    await writeFile(named, images);
    expect((await loadDataset(packed)).size).toBe(2);
    expect(await splitsOf(packed)).toEqual(['train']);
    expect(await splitsOf(named)).toEqual(['train', 'test']);
    await writeFile(join(folder, 'train-images.idx3'), images);
    expect(await splitsOf(join(folder, 'train-images.idx3'))).toEqual(['train']);
    expect(await splitsOf(folder)).toEqual(['test', 'train']);
    const idx = async (names: readonly string[], ...head: readonly number[]): Promise<boolean> =>
      idxFiles.recognises({ path: '/f', kind: 'file', names, head: Uint8Array.from(head) });
    expect(await idx(['x'], 0, 0, 8)).toBe(true);
    expect(await idx(['x'], 0, 1, 8)).toBe(false);
    expect(await idx(['x.gz'], 0x1f, 0x8b)).toBe(true);
    expect(await idx(['x.csv.gz'], 0x1f, 0x8b)).toBe(false);
    expect(await idx(['x-ubyte'], 1, 1)).toBe(true);
  });

  it('of text have classes where several files name no split, and none else', async () => {
    const texts = join(folder, 'texts');
    await mkdir(texts);
    await writeFile(join(texts, 'a.txt'), 'one\ntwo\n');
    const single = await loadDataset(texts);
    expect([single.size, single.classes]).toEqual([2, undefined]);
    await writeFile(join(texts, 'b.txt'), 'three\n');
    const both = await loadDataset(texts);
    expect([both.size, both.classes]).toEqual([3, 2]);
    expect([...read(both).label!]).toEqual([0, 0, 1]);
    await writeFile(join(texts, 'train.txt'), 'four\n');
    expect((await loadDataset(texts)).size).toBe(1);
  });

  it('keep the rows to validate on that are given, where those to test on are derived', async () => {
    const [train, given] = [strokes({ size: 20 }), ring({ size: 5 })].map(({ config }) => config);
    const sets = await deriveSets({ train: train!, validation: given! });
    expect(sets.validation).toEqual(given);
    expect(sets.test).toMatchObject({ kind: 'strokes', split: 'test' });
    const tested = await deriveSets({ train: train!, test: given! });
    expect(tested.test).toEqual(given);
    expect(tested.validation).toMatchObject({ kind: 'strokes', split: 'validation' });
    expect(await deriveSets({ train: train!, validation: given!, test: given! })).toEqual({
      train,
      validation: given,
      test: given,
    });
    // Rows to validate on that are said to be of the test split are the test rows.
    const asTest = { ...train!, split: 'test' as Json };
    const moved = await deriveSets({ train: train!, validation: asTest });
    expect(moved.test).toEqual(asTest);
    expect(moved.validation).toMatchObject({ split: 'validation' });
  });

  it('of another name than they should be are told by their content', async () => {
    const content = idxFile([1, 1, 1], [7]);
    const digest = new Uint8Array(
      await crypto.subtle.digest('SHA-256', content as Uint8Array<ArrayBuffer>),
    );
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const sourceOf = (name: string, file: string, known?: string) => {
      const part = {
        images: { file, shape: [1, 1, 1], ...(known !== undefined && { content: known }) },
        labels: { file: `${file}-labels`, shape: [1] },
      };
      return { name, about: '', classes: 1, mirrors: [], train: part, test: part };
    };
    const [right, other] = [sourceOf('right', 'r', hex), sourceOf('other', 'o')];
    const found = { path: 'here', bytes: gzip(content) };
    const strict = { strict: false, among: [right, other] };
    await expect(verify(found, other, other.train.images, strict)).rejects.toThrow(
      "here: this is right's r, not other's o",
    );
    await expect(verify(found, other, other.train.images, strict)).rejects.toThrow(DataError);
    const { array, notice } = await verify(found, right, right.train.images, strict);
    expect([[...array.data], notice]).toEqual([[7], undefined]);
  });
});
