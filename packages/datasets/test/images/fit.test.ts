import { expect, test } from 'vitest';
import { colouredOf, greyOf } from '../../src/formats/image/colour.js';
import { exifOrientation } from '../../src/formats/image/exif.js';
import { fitted } from '../../src/formats/image/fit.js';
import type { Image } from '../../src/formats/image/image.js';
import { oriented } from '../../src/formats/image/orient.js';
import { resized } from '../../src/formats/image/resize.js';

const grey = (height: number, width: number, of: (y: number, x: number) => number): Image => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from({ length: height * width }, (_, i) => of(Math.floor(i / width), i % width)),
});
const whole = ({ width, height }: Image) => ({ left: 0, top: 0, width, height });

test('each pixel of a smaller image is the mean of what it covers', () => {
  const image = grey(6, 9, (y, x) => (y * 37 + x * x * 11) % 251);
  const small = resized(image, whole(image), { width: 3, height: 2 });
  for (let y = 0; y < 2; y++)
    for (let x = 0; x < 3; x++) {
      let sum = 0;
      for (let j = 0; j < 3; j++)
        for (let i = 0; i < 3; i++) sum += image.data[(3 * y + j) * 9 + 3 * x + i]!;
      expect(small.data[3 * y + x]).toBe(Math.round(sum / 9));
    }
});

test('a pixel that covers parts of others has their shares', () => {
  const image = grey(1, 3, (_, x) => [30, 90, 240][x]!);
  const small = resized(image, whole(image), { width: 2, height: 1 });
  expect([...small.data]).toEqual([(30 + 90 / 2) / 1.5, (240 + 90 / 2) / 1.5]);
});

test('a size that is the same changes nothing, and one colour stays one colour at any', () => {
  const image = grey(7, 5, (y, x) => y * 31 + x);
  expect(resized(image, whole(image), { width: 5, height: 7 }).data).toEqual(image.data);
  const plain = grey(7, 5, () => 201);
  for (const [height, width] of [
    [1, 1],
    [3, 11],
    [20, 2],
    [7, 6],
  ] as const)
    for (const crop of ['centre', 'stretch'] as const)
      expect(new Set(fitted(plain, [height, width], crop).data)).toEqual(new Set([201]));
});

test('a larger image lies between the pixels of a smaller one', () => {
  const image = grey(1, 2, (_, x) => x * 200);
  const large = resized(image, whole(image), { width: 4, height: 1 });
  expect([...large.data]).toEqual([0, 50, 150, 200]);
});

test('a crop to the centre keeps the middle, padding all of it, beside white', () => {
  // Columns 0 to 7 of two rows, and of eight rows.
  const wide = grey(4, 8, (_, x) => x * 10);
  expect([...fitted(wide, [2, 2], 'centre').data]).toEqual([25, 45, 25, 45]);
  expect([...fitted(wide, [2, 2], 'stretch').data]).toEqual([15, 55, 15, 55]);
  expect([...fitted(wide, [4, 4], 'pad').data]).toEqual(
    [
      [255, 255, 255, 255],
      [5, 25, 45, 65],
      [5, 25, 45, 65],
      [255, 255, 255, 255],
    ].flat(),
  );
});

test('a crop to the centre of what is high keeps the middle rows', () => {
  const high = grey(8, 4, (y) => y * 10);
  expect([...fitted(high, [2, 2], 'centre').data]).toEqual([25, 25, 45, 45]);
});

test('the grey of a colour is its luma, pixel by pixel, and a grey as a colour is itself three times', () => {
  const colour: Image = {
    width: 3,
    height: 2,
    channels: 3,
    data: Uint8Array.from({ length: 18 }, (_, i) => (i * 53) % 256),
  };
  const made = greyOf(colour);
  expect([made.width, made.height, made.channels]).toEqual([3, 2, 1]);
  expect([...made.data]).toEqual(
    Array.from({ length: 6 }, (_, i) => {
      const [r, g, b] = colour.data.subarray(3 * i);
      return Math.round(0.299 * r! + 0.587 * g! + 0.114 * b!);
    }),
  );
  expect(greyOf(colouredOf(made))).toEqual(made);
});

/** EXIF data of one entry, in either order of bytes, that end with it. */
function exif(tag: number, value: number, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(22));
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, tag, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, value, little);
  return new Uint8Array(view.buffer);
}

test('the orientation of EXIF data is read in either order of bytes, also where they end with it', () => {
  for (const little of [true, false]) {
    for (let turn = 1; turn <= 8; turn++)
      expect(exifOrientation(exif(0x0112, turn, little))).toBe(turn);
    for (const none of [0, 9]) expect(exifOrientation(exif(0x0112, none, little))).toBe(1);
    expect(exifOrientation(exif(0x0110, 6, little))).toBe(1);
    for (let length = 0; length < 22; length++)
      expect(exifOrientation(exif(0x0112, 6, little).subarray(0, length))).toBe(1);
  }
});

test('turns are those of EXIF: each undone by its inverse, and 6 puts the left column on top', () => {
  const image = grey(2, 3, (y, x) => 3 * y + x);
  expect([...oriented(image, 6).data]).toEqual([3, 0, 4, 1, 5, 2]);
  expect([...oriented(image, 3).data]).toEqual([5, 4, 3, 2, 1, 0]);
  const inverse = [1, 2, 3, 4, 5, 8, 7, 6];
  inverse.forEach((other, i) => {
    expect(oriented(oriented(image, i + 1), other)).toEqual(image);
  });
});
