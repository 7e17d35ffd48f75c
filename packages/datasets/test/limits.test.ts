import { ConfigError, DataError, ElboError, standardNormal, swissRoll, uniform } from '@elbo/core';
import { bits, fold, key } from '@elbo/random';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  batches,
  binarise,
  fourPixels,
  grid,
  heldOut,
  labelled,
  idx,
  linearGaussian,
  molecules,
  procedural,
  readIdx,
  ring,
  sprites,
  strokes,
  subset,
  take,
  words,
} from '../src/index.js';
import { gzip, idxFile } from './files.js';

test('numbers that no set can have are refused in words, whoever gives them', () => {
  const cases: readonly (() => unknown)[] = [
    ...procedural
      .filter(({ name }) => name !== 'four-pixels')
      .flatMap(({ make }) => [
        () => make({ seed: 2 ** 60 }),
        () => make({ seed: 0.5 }),
        () => make({ size: 2 ** 31 }),
        () => make({ size: Infinity }),
      ]),
    ...[strokes, words, molecules].map((make) => () => make({ size: 2 ** 40 })),
    () => binarise(fourPixels(), 'static', 2 ** 60),
    () => heldOut(fourPixels(), { validation: 1, seed: NaN }),
    () => labelled(fourPixels(), { count: 4, seed: NaN }),
    () => batches({ size: 2 ** 31 }, { batchSize: 2 }),
    () => batches({ size: 2 }, { batchSize: 2 ** 31 }),
    () => batches({ size: 2 }, { batchSize: 2, seed: 2 ** 60 }),
    () => take(fourPixels(), Infinity),
    ...[2 ** 16 + 1, 0, -1, Infinity].map((modes) => () => ring({ modes, size: 1 })),
    ...[2 ** 8 + 1, 0].map((side) => () => grid({ side, size: 1 })),
    ...[0, -1, NaN, Infinity].flatMap((value) => [
      () => ring({ sd: value, size: 1 }),
      () => grid({ sd: value, size: 1 }),
      () => ring({ radius: value, size: 1 }),
      () => grid({ spacing: value, size: 1 }),
      () => linearGaussian({ noise: value, size: 1 }),
    ]),
    () => linearGaussian({ weights: [], mean: [], size: 1 }),
    () => linearGaussian({ weights: [[Infinity]], size: 1 }),
    () => idx({ images: { shape: [3, 0, 2], data: new Uint8Array() } }),
    () => idx({ images: { shape: [3, 1, 2], data: new Uint8Array(5) } }),
    ...[0, -1, 1.5, Infinity].flatMap((dim) => [() => standardNormal(dim), () => uniform({ dim })]),
    () => uniform({ dim: 1, high: Infinity }),
    () => swissRoll({ noise: Infinity }),
    () => swissRoll({ radius: Infinity }),
  ];
  cases.forEach((make, i) => {
    expect(make, `case ${i}: ${String(make)}`).toThrow(ElboError);
  });
  expect(() => ring({ size: 2 ** 31 })).toThrow(/ring: size must be at most \d+, not 2147483648/);
  expect(() => linearGaussian({ noise: 0 })).toThrow(ConfigError);
});

test('the number of a row is never taken for another of 32 bits', () => {
  for (const row of [2 ** 32, 2 ** 32 + 1, 4])
    expect(() => subset(fourPixels(), [row])).toThrow(new RegExp(`there is no row ${row}`));
});

test('what is no IDX file is refused without a word of what is in it', async () => {
  const secret = new TextEncoder().encode('root:x:0:0:secret of this machine');
  const failed = readIdx(secret, 'here');
  await expect(failed).rejects.toThrow(/not an IDX file/);
  // Two files that differ in every byte are told of alike.
  const other = readIdx(new Uint8Array(33).fill(0x41), 'here');
  expect(await other.catch(String)).toBe(await failed.catch(String));
});

test('gzip is unpacked as far as the header says, and not at all where that is too much', async () => {
  const packed = gzip(new Uint8Array(2 ** 24));
  const heap = process.memoryUsage().arrayBuffers;
  await expect(readIdx(packed, 'here')).rejects.toThrow(DataError);
  const header = idxFile([3, 4, 5], []);
  const long = new Uint8Array(2 ** 24);
  long.set(header);
  await expect(readIdx(gzip(long), 'here')).rejects.toThrow(/3 × 4 × 5 = 60 bytes of data, but/);
  expect(process.memoryUsage().arrayBuffers - heap).toBeLessThan(2 ** 24);
  const huge = idxFile([2 ** 31, 2 ** 16, 1], new Uint8Array(64));
  await expect(readIdx(gzip(huge), 'here')).rejects.toThrow(
    /its header says that it holds 140737488355344 bytes, more than the 1073741824/,
  );
});

test('three thousand corrupt files are DataErrors that name them, or consistent arrays', async () => {
  const good = idxFile(
    [6, 3, 3],
    Uint8Array.from({ length: 54 }, (_, i) => i * 4),
  );
  const packed = gzip(good);
  expect(gunzipSync(packed)).toHaveLength(good.length);
  for (let n = 0; n < 3000; n++) {
    const words = bits(fold(key(16), n), 8);
    // One in ten is packed: unpacking takes some tenths of a millisecond.
    const bytes = Uint8Array.from(n % 10 === 0 ? packed : good);
    for (let change = 0; change <= words[0]! % 3; change++)
      bytes[words[2 * change + 1]! % bytes.length] = words[2 * change + 2]! & 0xff;
    const cut = n % 7 === 0 ? bytes.subarray(0, words[7]! % bytes.length) : bytes;
    try {
      const { shape, data } = await readIdx(cut, 'here');
      expect(shape.reduce((a, b) => a * b, 1)).toBe(data.length);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toMatch(/^here: /);
    }
  }
});

test.each([strokes, sprites, words, molecules, ring, grid, linearGaussian])(
  '$name: a split that is none is refused, and draws no other rows',
  (made) => {
    for (const split of ['Test', 'toString', 5, {}])
      expect(() => made({ size: 4, split: split as 'test' })).toThrow(
        /split must be train, validation, test, not/,
      );
  },
);
