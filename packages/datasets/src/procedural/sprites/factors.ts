import { fold, integers, type Key } from '@elbo/random';
import { expectCount } from '../../checks.js';

/**
 * What a sprite is made from, the number of a value of each factor, from 0. `shape`: a square, an ellipse, a heart, the
 * row's label. `scale`: from half the size to the whole, in equal steps. `orientation`: fortieths of a turn, clockwise. `x`:
 * from left to right. `y`: from the top down.
 */
export type SpriteFactors = Readonly<Record<'shape' | 'scale' | 'orientation' | 'x' | 'y', number>>;

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
