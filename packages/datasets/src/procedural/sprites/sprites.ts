import { ConfigError, expectGiven } from '@elbo/core';
import { fold, permutation } from '@elbo/random';
import { expectCount, expectRows, expectSplit, keyOf } from '../../checks.js';
import type { Dataset, Split } from '../../dataset.js';
import { drawSprite } from './draw.js';
import { combinationAt, combinations, type SpriteFactors } from './factors.js';

/** Sprites, and what each was drawn from. */
export interface SpritesDataset extends Dataset {
  /**
   * The factors of a row.
   *
   * @throws DataError for a row that does not exist.
   */
  factors(row: number): SpriteFactors;
  /**
   * The images of any combinations, in the set or not: `[N, side, side, 1]`, flat.
   *
   * @throws DataError for a value that a factor does not have.
   */
  draw(list: readonly SpriteFactors[]): Float32Array;
}

/** How large sprites are, how many there are, and which. */
export interface SpritesOptions {
  /** Pixels along a side of the images; 32 by default, at least 8. */
  readonly side?: number;
  /** All of the split by default. */
  readonly size?: number;
  /** Of the order of the combinations, and so of who is in which split. */
  readonly seed?: number;
  readonly split?: Split;
}

/** Rows of the validation and of the test split. */
const held = 10_000;

const ranges: Readonly<Record<Split, readonly [begin: number, end: number]>> = {
  train: [2 * held, combinations],
  validation: [held, 2 * held],
  test: [0, held],
};

/**
 * A square, an ellipse or a heart in every combination of 3 shapes, 6 scales, 40 orientations and 32 × 32 places: the
 * factors of dSprites (Matthey et al. 2017), drawn when read. The rows are the 737,280 combinations in an order of
 * `seed`, each in one split; pixels are the covered share in sixteenths, and `binarise(data, 'threshold')` makes the
 * bits that dSprites has. A row is a function of exactly rounded arithmetic, so it has the same bits in every engine.
 *
 * Otherwise than in dSprites the shapes have one area at one scale, all orientations differ (its last is its first
 * once more), and the images have 32 × 32 pixels unless `side` is 64.
 *
 * @throws ConfigError for more rows than the split has, or images of fewer than 8 pixels a side.
 */
export function sprites(options: SpritesOptions = {}): SpritesDataset {
  expectGiven('sprites', options);
  const { side = 32, seed = 0, split = 'train' } = options;
  expectSplit(split, 'sprites');
  const [begin, end] = ranges[split];
  const { size = end - begin } = options;
  expectCount(side, 'sprites: side', 8, 1024);
  expectCount(size, 'sprites: size');
  if (size > end - begin)
    throw new ConfigError(
      `sprites: the ${split} split has ${end - begin} combinations, not ${size}.`,
    );
  const order = permutation(fold(keyOf(seed, 'sprites'), 'sprites'), combinations).slice(
    begin,
    begin + size,
  );
  const pixels = side * side;
  const draw = (list: readonly SpriteFactors[]): Float32Array => {
    const x = new Float32Array(list.length * pixels);
    list.forEach((factors, i) => {
      drawSprite(factors, side, x.subarray(i * pixels, (i + 1) * pixels));
    });
    return x;
  };
  const dataset: SpritesDataset = {
    config: { kind: 'sprites', side, size, seed, split },
    name: 'sprites',
    size,
    shape: [side, side, 1],
    classes: 3,
    binary: false,
    range: 'unit',
    read: (rows) => {
      expectRows(rows, dataset);
      const list = Array.from(rows, (row) => combinationAt(order[row]!));
      return { x: draw(list), label: Int32Array.from(list, ({ shape }) => shape) };
    },
    factors: (row) => {
      expectRows(Uint32Array.of(row), dataset);
      return combinationAt(order[row]!);
    },
    draw,
  };
  return dataset;
}
