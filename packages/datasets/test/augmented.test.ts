import { ConfigError, createRegistry } from '@elbo/core';
import { key } from '@elbo/random';
import { expect, test } from 'vitest';
import {
  augmented,
  datasetCategory,
  datasetKinds,
  fromArrays,
  ring,
  strokes,
  type Dataset,
} from '../src/index.js';

/** Forty equal rows of one image, whose pixels are all different. */
const [height, width] = [32, 48];
const image = Float32Array.from({ length: height * width }, (_, i) => i / (height * width));
const data = fromArrays({
  x: Float32Array.from({ length: 40 * image.length }, (_, i) => image[i % image.length]!),
  shape: [height, width, 1],
  name: 'forty',
});
const all = Uint32Array.from({ length: 40 }, (_, i) => i);

async function rowsOf(set: Dataset, seed: number): Promise<Float32Array[]> {
  const { x } = await set.read(all, key(seed));
  return Array.from(all, (row) => x.subarray(row * image.length, (row + 1) * image.length));
}

const mirrored = image.map((_, i) => image[i - (i % width) + width - 1 - (i % width)]!);

test('a flip mirrors about half of the rows, and changes no other', async () => {
  const rows = await rowsOf(augmented(data, ['flip']), 1);
  const turned = rows.filter((row) => row.every((value, i) => value === mirrored[i])).length;
  const same = rows.filter((row) => row.every((value, i) => value === image[i])).length;
  expect(turned + same).toBe(40);
  // Four standard deviations of forty coins.
  expect(Math.abs(turned - 20)).toBeLessThan(4 * Math.sqrt(10));
});

test('a shift moves by whole pixels up to a sixteenth of each side, and repeats the edge', async () => {
  const rows = await rowsOf(augmented(data, ['shift']), 2);
  const moves = rows.map((row) => {
    // Where the image's middle pixel went.
    const at = row.indexOf(image[16 * width + 24]!);
    const [down, across] = [Math.floor(at / width) - 16, (at % width) - 24];
    const clamp = (place: number, most: number): number => Math.min(Math.max(place, 0), most - 1);
    const wanted = image.map((_, i) => {
      const [y, x] = [Math.floor(i / width), i % width];
      return image[clamp(y - down, height) * width + clamp(x - across, width)]!;
    });
    expect(row.every((value, i) => value === wanted[i])).toBe(true);
    return [down, across] as const;
  });
  for (const [axis, most] of [
    [0, 2],
    [1, 3],
  ] as const) {
    const far = moves.map((move) => Math.abs(move[axis]));
    expect(Math.max(...far)).toBe(most);
    expect(new Set(moves.map((move) => move[axis])).size).toBeGreaterThan(most);
  }
});

test('what is read follows from the key and the row, and a config builds it again', async () => {
  const set = augmented(strokes({ size: 50, seed: 3 }), ['flip', 'shift']);
  const again = createRegistry(...datasetKinds).build(datasetCategory, set.config);
  const rows = new Uint32Array([4, 9, 4]);
  const first = await set.read(rows, key(5));
  expect(await again.read(rows, key(5))).toEqual(first);
  expect((await set.read(rows, key(6))).x).not.toEqual(first.x);
  // Every row has draws of its own.
  expect(first.x.subarray(0, 784)).not.toEqual(first.x.subarray(2 * 784));
});

test('what is no image, and a way that is not known, are refused', () => {
  expect(() => augmented(ring(), ['flip'])).toThrow(ConfigError);
  expect(() => augmented(data, ['spin' as 'flip'])).toThrow(/flip and shift/);
  expect(() => augmented(data, [])).toThrow(/flip and shift/);
});
