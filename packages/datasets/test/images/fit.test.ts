import { expect, test } from 'vitest';
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

test('turns are those of EXIF: each undone by its inverse, and 6 puts the left column on top', () => {
  const image = grey(2, 3, (y, x) => 3 * y + x);
  expect([...oriented(image, 6).data]).toEqual([3, 0, 4, 1, 5, 2]);
  expect([...oriented(image, 3).data]).toEqual([5, 4, 3, 2, 1, 0]);
  const inverse = [1, 2, 3, 4, 5, 8, 7, 6];
  inverse.forEach((other, i) => {
    expect(oriented(oriented(image, i + 1), other)).toEqual(image);
  });
});
