import { createRegistry, DataError, type Json } from '@elbo/core';
import { key } from '@elbo/random';
import { expect, test } from 'vitest';
import {
  batches,
  binarise,
  conditionOnLabel,
  datasetCategory,
  datasetKinds,
  fourPixels,
  fromArrays,
  grid,
  heldOut,
  idx,
  linearGaussian,
  preloaded,
  procedural,
  ring,
  strokes,
  subset,
  take,
  type Dataset,
  type Rows,
} from '../src/index.js';

const all = ({ size }: Dataset): Uint32Array => Uint32Array.from({ length: size }, (_, i) => i);
const read = (data: Dataset, rows = all(data), seed = 0): Rows =>
  data.read(rows, key(seed)) as Rows;

/** A constant image of grey level p, many times. */
const grey = (p: number, size = 50, pixels = 400): Dataset =>
  fromArrays({ x: new Float32Array(size * pixels).fill(p), shape: [20, 20, 1] });

test('the four pixels are one-hot', () => {
  const rows = read(fourPixels());
  expect([...rows.x]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  expect([...rows.label!]).toEqual([0, 1, 2, 3]);
});

test('dynamic binarisation is Bernoulli(p), by the key of the read', () => {
  for (const p of [0, 0.2, 0.9, 1]) {
    const data = binarise(grey(p), 'dynamic');
    const { x } = read(data);
    expect(x.every((value) => value === 0 || value === 1)).toBe(true);
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    expect(Math.abs(mean - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / x.length));
    expect(read(data)).toEqual({ x });
    if (p > 0 && p < 1) expect(read(data, all(data), 1).x).not.toEqual(x);
  }
});

test('static binarisation is Bernoulli(p) once: by row and seed, whatever the batch and its key', () => {
  const data = binarise(grey(0.3), 'static', 4);
  const { x } = read(data);
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  expect(Math.abs(mean - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / x.length));
  expect(read(data, Uint32Array.of(7, 3, 7), 9).x).toEqual(
    Float32Array.of(...[7, 3, 7].flatMap((row) => [...x.slice(row * 400, (row + 1) * 400)])),
  );
  expect(x.slice(0, 400)).not.toEqual(x.slice(400, 800));
  expect(read(binarise(grey(0.3), 'static', 5)).x).not.toEqual(x);
});

test('thresholding cuts at one half, and no binarisation writes to its source', () => {
  const source = fromArrays({ x: Float32Array.of(0.49, 0.5, 1, 0), shape: [2, 2, 1] });
  for (const how of ['static', 'dynamic', 'threshold'] as const) read(binarise(source, how));
  expect([...read(binarise(source, 'threshold')).x]).toEqual([0, 1, 1, 0]);
  expect([...read(source).x]).toEqual([Math.fround(0.49), 0.5, 1, 0]);
  expect(source.binary).toBe(false);
  expect(binarise(source, 'threshold').binary).toBe(true);
});

test('rows that come later are transformed as rows that are here', async () => {
  const here = strokes({ size: 20 });
  const later: Dataset = { ...here, read: (rows, k) => Promise.resolve(here.read(rows, k)) };
  const chain = (data: Dataset): Dataset => conditionOnLabel(binarise(take(data, 10), 'dynamic'));
  expect(await chain(later).read(all(chain(later)), key(2))).toEqual(
    read(chain(here), undefined, 2),
  );
});

test('parts of a set are disjoint and cover it', () => {
  const data = ring({ size: 200 });
  const { train, validation } = heldOut(data, { validation: 50, seed: 3 });
  expect([train.size, validation.size]).toEqual([150, 50]);
  const points = (part: Dataset): string[] => {
    const { x } = read(part);
    return Array.from({ length: part.size }, (_, i) => `${x[2 * i]!},${x[2 * i + 1]!}`);
  };
  expect([...points(train), ...points(validation)].sort()).toEqual(points(data).sort());
  expect(points(heldOut(data, { validation: 50, seed: 4 }).validation)).not.toEqual(
    points(validation),
  );
  expect(points(take(data, 5))).toEqual(points(data).slice(0, 5));
  expect(points(subset(data, [3, 3, 0]))).toEqual([3, 3, 0].map((i) => points(data)[i]));
  expect(take(data, 1000).size).toBe(200);
  // What a set tells of its rows a part tells by its own numbers.
  const digits = strokes({ size: 5 });
  expect(subset(digits, [3]).factors!(0)).toEqual(digits.factors(3));
  expect(() => take(data, 5).read(Uint32Array.of(5), key(0))).toThrow(/no row 5/);
  expect(() => subset(data, [200])).toThrow(/no row 200/);
  expect(() => subset(data, [-1])).toThrow(/row number 0/);
  expect(() => subset(data, [])).toThrow(/no rows/);
  expect(() => heldOut(data, { validation: 200 })).toThrow(/leave none/);
});

test('mixtures are even, and their points lie about their modes with the stated deviation', () => {
  for (const data of [ring({ size: 20_000, sd: 0.1 }), grid({ size: 20_000, sd: 0.1 })]) {
    const { x, label } = read(data);
    const m = data.classes!;
    const counts = new Array<number>(m).fill(0);
    let squares = 0;
    label!.forEach((mode, i) => {
      counts[mode]!++;
      squares +=
        (x[2 * i]! - data.modes[2 * mode]!) ** 2 + (x[2 * i + 1]! - data.modes[2 * mode + 1]!) ** 2;
    });
    const n = data.size;
    for (const count of counts)
      expect(Math.abs(count - n / m)).toBeLessThan(5 * Math.sqrt((n / m) * (1 - 1 / m)));
    // 2n squared normals: the mean of their squares has standard deviation √(2/2n).
    expect(Math.abs(squares / (2 * n) / 0.01 - 1)).toBeLessThan(5 * Math.sqrt(1 / n));
  }
  const { modes } = ring({ size: 1, modes: 4, radius: 3 });
  [3, 0, 0, 3, -3, 0, 0, -3].forEach((value, i) => {
    expect(modes[i]).toBeCloseTo(value, 6);
  });
  expect([...grid({ size: 1, side: 2, spacing: 4 }).modes]).toEqual([-2, -2, 2, -2, -2, 2, 2, 2]);
  expect(grid({ size: 1 }).modes.length).toBe(50);
});

test('labels as conditions are one-hot', () => {
  const data = conditionOnLabel(fourPixels());
  expect(data.conditions).toBe(4);
  expect([...read(data, Uint32Array.of(2, 0)).condition!]).toEqual([0, 0, 1, 0, 1, 0, 0, 0]);
  expect(() => conditionOnLabel(linearGaussian({ size: 5 }))).toThrow(/no labels/);
  const partly = fromArrays({ x: Float32Array.of(0, 1), shape: [1], label: Int32Array.of(0, -1) });
  expect(() => read(conditionOnLabel(partly))).toThrow(/row 1 has no label/);
});

test('bad values in memory are named by row and place', () => {
  const bad = (x: number[], message: RegExp, more: object = {}): void => {
    const make = (): Dataset =>
      fromArrays({ x: Float32Array.from(x), shape: [2], name: 'mine', ...more });
    expect(make).toThrow(DataError);
    expect(make).toThrow(message);
  };
  bad([0, 1, 0, NaN], /mine: row 1, value 1 is NaN/);
  bad([0, 1, -Infinity, 0], /mine: row 1, value 0 is -Infinity/, { range: 'finite' });
  bad([0, 1, 128, 0], /mine: row 1, value 0 is 128; .*divide bytes by 255/);
  bad([0, 1, 0], /3 values are not a whole number of rows/);
  bad([], /0 values/);
  bad([0, 1], /2 labels for 1 rows/, { label: Int32Array.of(0, 1) });
  bad([0, 1], /row 0 has the label -2/, { label: Int32Array.of(-2) });
  bad([0, 1, 0, 1], /3 condition values/, { condition: new Float32Array(3) });
  bad([0, 1], /condition: row 0, value 0 is NaN/, { condition: Float32Array.of(NaN) });
  const good = fromArrays({
    x: Float32Array.of(-5, 0, 3, 7),
    shape: [2],
    range: 'finite',
    label: Int32Array.of(-1, 2),
    condition: Float32Array.of(1, 2),
  });
  expect(good).toMatchObject({ size: 2, classes: 3, conditions: 1, binary: false });
  expect(read(good, Uint32Array.of(1))).toEqual({
    x: Float32Array.of(3, 7),
    label: Int32Array.of(2),
    condition: Float32Array.of(2),
  });
});

const registry = createRegistry(...datasetKinds);

test('a config, through JSON, rebuilds an equal dataset', () => {
  const parts = heldOut(ring({ size: 30, seed: 2, split: 'test' }), {
    validation: 10,
    test: 0.2,
    seed: 1,
  });
  for (const data of [
    fourPixels(),
    linearGaussian({ size: 7, seed: 1, split: 'validation' }),
    grid({ size: 8, side: 3 }),
    strokes({ size: 5, seed: 9 }),
    parts.train,
    parts.validation,
    parts.test,
    binarise(take(strokes({ size: 20 }), 3), 'static', 6),
    conditionOnLabel(subset(strokes({ size: 20 }), [5, 1])),
    ...procedural.map(({ make }) => take(make({ size: 6 }), 6)),
  ]) {
    const rebuilt = registry.build(
      datasetCategory,
      JSON.parse(JSON.stringify(data.config)) as typeof data.config,
    );
    expect(rebuilt.config).toEqual(data.config);
    expect([rebuilt.name, rebuilt.size, rebuilt.shape]).toEqual([data.name, data.size, data.shape]);
    expect(read(rebuilt)).toEqual(read(data));
  }
});

test('sets in memory are rebuilt when they are at hand, else the error says how', () => {
  const mine = fromArrays({ x: Float32Array.of(0, 1), shape: [1], name: 'mine' });
  const images = idx({ images: { shape: [1, 1, 1], data: Uint8Array.of(9) } });
  const config = binarise(mine, 'threshold').config;
  const shuffled = Object.fromEntries(Object.entries(config).reverse()) as {
    kind: string;
    data: Json;
  };
  const ready = registry.with(...preloaded(mine, images));
  expect(read(ready.build(datasetCategory, shuffled))).toEqual(read(mine));
  expect(ready.build(datasetCategory, images.config)).toBe(images);
  expect(() => registry.build(datasetCategory, config)).toThrow(/preloaded/);
  expect(() => registry.build(datasetCategory, { kind: 'file' })).toThrow(/buildDataset/);
  expect(() => ready.build(datasetCategory, { ...mine.config, size: 3 })).toThrow(
    /not one of the datasets in memory \(mine\)/,
  );
});

test('the splits of a procedural set differ', () => {
  for (const { name, make } of procedural) {
    if (name === 'four-pixels') continue;
    const [train, validation, test] = (['train', 'validation', 'test'] as const).map((split) =>
      read(make({ split, size: 20 })),
    );
    expect(train!.x).not.toEqual(validation!.x);
    expect(train!.x).not.toEqual(test!.x);
    expect(validation!.x).not.toEqual(test!.x);
  }
});

test('a batch stream reads what it names', () => {
  const data = strokes({ size: 10 });
  const { rows, key: k } = batches(data, { batchSize: 4 }).at(2);
  expect((data.read(rows, k) as Rows).x.length).toBe(4 * 784);
});
