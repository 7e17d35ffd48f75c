import { NumericalError, ShapeError } from '@elbo/core';
import { key, uniform } from '@elbo/random';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { grid, pairGrid } from '../src/index.js';

const bytesOf = (values: ArrayLike<number>) => Array.from(values, (v) => Math.round(255 * v));

/** The channels at (x, y) of a decoded picture. */
function at(picture: ReturnType<typeof decode>, x: number, y: number): number[] {
  const from = (y * picture.width + x) * picture.channels;
  return Array.from(picture.data.subarray(from, from + picture.channels));
}

test.each([1, 3])('a grid of %s channels decodes to the pixels, each a square', (channels) => {
  const [count, h, w, scale, columns] = [5, 4, 3, 2, 2];
  const images = uniform(key(1), count * h * w * channels);
  const bytes = grid(images, { count, shape: [h, w, channels], scale, columns });
  const picture = decode(bytes);
  expect([picture.width, picture.height]).toEqual([2 * (6 + 4) + 4, 3 * (8 + 4) + 4]);
  let opaque = 0;
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      const [column, u] = [Math.floor((x - 4) / 10), (x - 4) % 10];
      const [row, v] = [Math.floor((y - 4) / 12), (y - 4) % 12];
      const i = row * columns + column;
      const inside = x >= 4 && y >= 4 && u < 6 && v < 8 && i < count;
      const pixel = ((i * h + Math.floor(v / 2)) * w + Math.floor(u / 2)) * channels;
      const expected = inside
        ? [...bytesOf(images.subarray(pixel, pixel + channels)), 255]
        : new Array<number>(channels + 1).fill(0);
      expect(at(picture, x, y)).toEqual(expected);
      if (inside) opaque++;
    }
  expect(opaque).toBe(count * h * w * scale * scale);
});

test('small images are enlarged: four pixels 24 times, MNIST 3 times', () => {
  const four = decode(grid(new Float32Array(4), { count: 1, shape: [2, 2] }));
  expect(four.width).toBe(2 * 24 + 8);
  const mnist = decode(grid(new Float32Array(784), { count: 1, shape: [28, 28, 1] }));
  expect(mnist.width).toBe(28 * 3 + 8);
  const large = decode(grid(new Float32Array(200 * 200), { count: 1, shape: [200, 200] }));
  expect(large.width).toBe(200 + 8);
});

test('a reconstruction is right below its original, and bands are farther apart', () => {
  const originals = Float32Array.of(0.1, 0.2, 0.3);
  const reconstructions = Float32Array.of(0.6, 0.75, 0.8);
  const bytes = pairGrid(originals, reconstructions, {
    count: 3,
    shape: [1, 1],
    scale: 1,
    columns: 2,
  });
  const picture = decode(bytes);
  const column = (x: number) =>
    Array.from({ length: picture.height }, (_, y) => at(picture, x, y))
      .map(([grey, alpha], y) => (alpha ? [y, grey] : []))
      .filter((found) => found.length);
  const [g1, g3, g6, g8] = bytesOf([0.1, 0.3, 0.6, 0.8]);
  expect(column(4)).toEqual([
    [4, g1],
    [6, g6],
    [23, g3],
    [25, g8],
  ]);
  expect(column(9).map(([, grey]) => grey)).toEqual(bytesOf([0.2, 0.75]));
});

test('values outside [0, 1] are clamped, NaN and wrong shapes refused', () => {
  const picture = decode(
    grid(Float32Array.of(-1, 7), { count: 1, shape: [1, 2], scale: 1, columns: 1 }),
  );
  expect([at(picture, 4, 4), at(picture, 5, 4)]).toEqual([
    [0, 255],
    [255, 255],
  ]);
  const one = { count: 1, shape: [1, 1] };
  expect(() => grid(Float32Array.of(NaN), one)).toThrow(NumericalError);
  expect(() => grid(Float32Array.of(NaN), one)).toThrow(/Image 0 holds NaN/);
  expect(() => grid(new Float32Array(5), { count: 1, shape: [2, 2] })).toThrow(ShapeError);
  expect(() => grid(new Float32Array(8), { count: 1, shape: [2, 2, 2] })).toThrow(/1 or 3/);
  expect(() => grid(new Float32Array(0), { count: 0, shape: [2, 2] })).toThrow(ShapeError);
});
