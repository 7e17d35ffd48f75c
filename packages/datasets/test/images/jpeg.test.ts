// JPEG files of one block, whose samples ITU-T T.81 gives in closed form.
import { DataError } from '@elbo/core';
import { expect, test } from 'vitest';
import { decodeJpeg } from '../../src/formats/image/jpeg/decode.js';
import { examineImage } from '../../src/node/image_folder/read_image.js';
import { fileOf } from './corpus.js';
import { jpegOf, segment } from './write_jpeg.js';

/** The way through a block from corner to corner: along each diagonal, up the even ones and down the odd. */
const diagonals = Array.from({ length: 15 }, (_, sum) => {
  const down = Array.from({ length: 8 }, (__, row) => [row, sum - row] as const).filter(
    ([, column]) => column >= 0 && column < 8,
  );
  return sum % 2 === 0 ? down.reverse() : down;
}).flat();

const samplesOf = (file: Uint8Array): readonly number[] => [...decodeJpeg(file).image.data];

test('each coefficient of a block is a wave of its own, and they come in the order of the diagonals', () => {
  const wave = (frequency: number, i: number): number =>
    (frequency === 0 ? Math.SQRT1_2 : 1) * Math.cos(((2 * i + 1) * frequency * Math.PI) / 16);
  const value = 400;
  for (let k = 1; k < 64; k++) {
    const [down, across] = diagonals[k]!;
    const samples = samplesOf(jpegOf({ k, value }));
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) {
        const exact = 128 + (value / 4) * wave(down, y) * wave(across, x);
        // Rounded to a whole number.
        expect(Math.abs(samples[8 * y + x]! - exact), `${k}`).toBeLessThan(0.5 + 1e-6);
      }
  }
});

test('a block of one grey is an eighth of its first coefficient above the middle, and never darker than black or lighter than white', () => {
  for (const [mean, grey] of [
    [0, 128],
    [-400, 78],
    [-1016, 1],
    [-1024, 0],
    [-2000, 0],
    [1016, 255],
    [2000, 255],
  ] as const)
    expect(new Set(samplesOf(jpegOf({ mean }))), `${mean}`).toEqual(new Set([grey]));
});

test('what stands between the segments is passed over, and tables that are sent again are the same', () => {
  const grey = jpegOf({ mean: -400 });
  const steps = [0, ...Array.from({ length: 64 }, () => 1)];
  const wide = [0x10, ...Array.from({ length: 64 }, () => [0, 1]).flat()];
  for (const before of [
    [0, 7, 0xff],
    [0xff, 0xff],
    [0xff, 0x01],
    segment(0xfe, [1, 2, 3]),
    segment(0xdb, steps),
    segment(0xdb, wide),
    segment(0xdb, [...wide, ...steps]),
  ])
    expect(samplesOf(jpegOf({ mean: -400, before })), before.join()).toEqual(samplesOf(grey));
});

test('a table that makes no sense, or is cut short, is refused', () => {
  const steps = Array.from({ length: 64 }, () => 1);
  const counts = Array.from({ length: 16 }, () => 0);
  for (const before of [
    segment(0xdb, [0x20, ...steps, ...steps]),
    segment(0xdb, [0x04, ...steps]),
    segment(0xdb, [0, ...steps.slice(1)]),
    segment(0xdb, [0x10, ...steps]),
    segment(0xc4, [0x20, ...counts]),
    segment(0xc4, [0x04, ...counts]),
    segment(0xc4, [0, ...counts.slice(1)]),
    segment(0xc4, [0, ...counts.with(3, 2), 1]),
    segment(0xc4, [0, ...counts.with(0, 3), 1, 2, 3]),
  ]) {
    const read = (): unknown => decodeJpeg(jpegOf({ before }));
    expect(read, before.join()).toThrow(DataError);
    expect(read, before.join()).toThrow(/wrong table/);
  }
});

test('a hundred scans are read, and no more', () => {
  expect(samplesOf(jpegOf({ mean: -400, scans: 100 }))).toEqual(samplesOf(jpegOf({ mean: -400 })));
  expect(() => decodeJpeg(jpegOf({ scans: 101 }))).toThrow(/more than 100 scans/);
});

test('a JPEG takes less memory the smaller it is read, and in its own size what it takes whole', () => {
  const file = examineImage(fileOf('jpeg', '4:4:4'));
  const [height, width] = file.size;
  const at = (share: number): number =>
    file.cost({
      size: [Math.ceil(height / share), Math.ceil(width / share)],
      crop: 'stretch',
      grey: false,
    });
  expect([at(1), at(1.5)]).toEqual([file.cost(), file.cost()]);
  // With half the samples along either side there are still two for each pixel.
  expect(at(6)).toBe(file.cost() / 4);
});
