import { createRegistry, networkCategory } from '@elbo/core';
import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  fill,
  setBackend,
  sub,
  tensor2d,
  tensor4d,
  tidy,
  tile,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activation, gaussianNoise, networkKinds, randomShift } from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const registry = createRegistry(...networkKinds);
const read = (f: () => Tensor): readonly number[] => tidy(() => [...f().dataSync()]);

describe('gaussianNoise', () => {
  const layer = gaussianNoise({ sd: 0.5 });

  it('adds noise of its standard deviation in training, seeded by the mode', () => {
    const at = (seed: number): readonly number[] =>
      read(() => layer.apply({}, { training: true, key: key(seed) }, fill([1000, 10], 3)));
    const noise = at(1).map((value) => value - 3);
    const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    // 4 standard errors: that of a normal's variance is σ² √(2/n).
    expect(Math.abs(variance - 0.25)).toBeLessThan(4 * 0.25 * Math.sqrt(2 / noise.length));
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
  });

  it('is nothing outside training, and needs some deviation', () => {
    const x = (): Tensor => tensor2d(normal(key(1), 6), [2, 3]);
    const difference = read(() => sub(layer.apply({}, { training: false, key: key(1) }, x()), x()));
    expect(difference).toEqual(read(() => zeros([2, 3])));
    expect(() => gaussianNoise({ sd: 0 })).toThrow("'sd'");
  });
});

describe('randomShift', () => {
  const by = 2;
  const layer = randomShift({ by });
  const [height, width, channels] = [5, 6, 3];
  const values = normal(key(1), height * width * channels);
  const at = (row: number, column: number, channel: number): number =>
    row < 0 || row >= height || column < 0 || column >= width
      ? 0
      : values[(row * width + column) * channels + channel]!;

  it('moves each image by its own whole number of pixels, all alike often, and lets zeros in', () => {
    const rows = 500;
    const images = read(() =>
      layer.apply(
        {},
        { training: true, key: key(2) },
        tile(tensor4d(values, [1, height, width, channels]), [rows, 1, 1, 1]),
      ),
    );
    const size = values.length;
    const moves = Array.from({ length: (2 * by + 1) ** 2 }, (_, i) => {
      const [down, across] = [Math.floor(i / (2 * by + 1)) - by, (i % (2 * by + 1)) - by];
      const expected = Array.from({ length: size }, (_, j) =>
        at(
          Math.floor(j / (width * channels)) - down,
          (Math.floor(j / channels) % width) - across,
          j % channels,
        ),
      );
      return Array.from({ length: rows }, (_, row) =>
        expected.every((value, j) => Math.abs(images[row * size + j]! - value) < 1e-6),
      ).filter(Boolean).length;
    });
    expect(moves.reduce((a, b) => a + b)).toBe(rows);
    // 500 images over 25 moves: 20 each, within 4 standard deviations of √20.
    for (const count of moves) expect(Math.abs(count - 20)).toBeLessThan(4 * Math.sqrt(20));
  });

  it('is nothing outside training, and takes images only', () => {
    const x = (): Tensor => tensor4d(values, [1, height, width, channels]);
    expect(read(() => layer.apply({}, { training: false, key: key(1) }, x()))).toEqual([...values]);
    expect(() => layer.init(key(1), [784])).toThrow('takes images');
    expect(() => randomShift({ by: 0.5 })).toThrow("'by'");
    expect(registry.build(networkCategory, layer.config).config).toEqual(layer.config);
  });
});

it('an activation is a layer, and both are rebuilt from their configs', () => {
  const relu = activation('relu');
  const x = (): Tensor => tensor2d([[-1, 2]]);
  expect(read(() => relu.apply({}, { training: true, key: key(1) }, x()))).toEqual([0, 2]);
  for (const layer of [relu, gaussianNoise({ sd: 2 })]) {
    expect(registry.build(networkCategory, layer.config).config).toEqual(layer.config);
    expect(layer.init(key(1), [2, 3])).toEqual({ params: {}, output: [2, 3] });
  }
});
