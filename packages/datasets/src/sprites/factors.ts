import { fold, integers, type Key } from '@elbo/random';
import { expectCount } from '../dataset.js';

/** What a sprite is made from: the number of a value of each factor, from 0. */
export interface SpriteFactors {
  /** 0 a square, 1 an ellipse, 2 a heart: the row's label. */
  readonly shape: number;
  /** From half the size to the whole, in equal steps. */
  readonly scale: number;
  /** Fortieths of a turn, clockwise. */
  readonly orientation: number;
  /** From left to right. */
  readonly x: number;
  /** From the top down. */
  readonly y: number;
}

/** How many values each factor has, in the order of the combinations: the last varies fastest. */
export const spriteValues: SpriteFactors = { shape: 3, scale: 6, orientation: 40, x: 32, y: 32 };

const names = Object.keys(spriteValues) as readonly (keyof SpriteFactors)[];

/** 737,280. */
export const combinations: number = names.reduce(
  (product, name) => product * spriteValues[name],
  1,
);

/** The combination of a number from 0 to `combinations` − 1. */
export function combinationAt(number: number): SpriteFactors {
  let rest = number;
  const found = { ...spriteValues };
  for (const name of names.toReversed()) {
    found[name] = rest % spriteValues[name];
    rest = Math.floor(rest / spriteValues[name]);
  }
  return found;
}

/**
 * Combinations drawn at random, some factors of which may be given: what scores with a fixed factor ask for.
 *
 * @param fixed Values that all of them have.
 */
export function randomSprites(
  key: Key,
  count: number,
  fixed: Partial<SpriteFactors> = {},
): SpriteFactors[] {
  expectCount(count, 'randomSprites: count');
  return Array.from(integers(fold(key, 'sprites'), count, combinations), (number) => ({
    ...combinationAt(number),
    ...fixed,
  }));
}
