import { DataError } from '@elbo/core';
import { spriteValues, type SpriteFactors } from './factors.js';
import { outlines, reach } from './shapes.js';

/** Points looked at along each side of a pixel: its value is a multiple of 1/16. */
const fineness = 4;

/** The side of a whole square, as a share of the image's: every sprite stays inside, wherever and however it lies. */
const whole = 0.28;

/** The centres are in the middle half of the image. */
const [first, last] = [0.25, 0.75];

/**
 * Cosine and sine of every orientation. Those of a fortieth of a turn, 9°, come from cos 36° = (1 + √5)/4 by halving
 * twice; roots and products are exactly rounded, so every engine has the same bits, and quarters of a turn change none.
 */
const turns: readonly (readonly [cos: number, sin: number])[] = (() => {
  const quarter = spriteValues.orientation / 4;
  const cos18 = Math.sqrt((1 + (1 + Math.sqrt(5)) / 4) / 2);
  const [stepCos, stepSin] = [Math.sqrt((1 + cos18) / 2), Math.sqrt((1 - cos18) / 2)];
  const all: [number, number][] = [[1, 0]];
  while (all.length < spriteValues.orientation) {
    const [cos, sin] = all[all.length < quarter ? all.length - 1 : all.length - quarter]!;
    all.push(
      all.length < quarter
        ? [cos * stepCos - sin * stepSin, sin * stepCos + cos * stepSin]
        : [-sin, cos],
    );
  }
  return all;
})();

/**
 * Draws a sprite into an empty image of `side` × `side` values: the share of each pixel that it covers.
 *
 * @throws DataError for a value that a factor does not have.
 */
export function drawSprite(factors: SpriteFactors, side: number, into: Float32Array): void {
  for (const [name, count] of Object.entries(spriteValues) as [keyof SpriteFactors, number][])
    if (!Number.isInteger(factors[name]) || factors[name] < 0 || factors[name] >= count)
      throw new DataError(
        `sprites: '${name}' must be a whole number from 0 to ${count - 1}, not ${factors[name]}.`,
      );
  const isInside = outlines[factors.shape]!;
  const size = whole * side * (0.5 + (0.5 * factors.scale) / (spriteValues.scale - 1));
  const place = (value: number, count: number): number =>
    side * (first + ((last - first) * value) / (count - 1));
  const [centreX, centreY] = [place(factors.x, spriteValues.x), place(factors.y, spriteValues.y)];
  const [cos, sin] = turns[factors.orientation]!;
  const extent = reach * size;
  for (let row = Math.floor(centreY - extent); row < centreY + extent; row++)
    for (let column = Math.floor(centreX - extent); column < centreX + extent; column++) {
      let covered = 0;
      for (let down = 0.5; down < fineness; down++)
        for (let right = 0.5; right < fineness; right++) {
          const x = (column + right / fineness - centreX) / size;
          const y = (row + down / fineness - centreY) / size;
          covered += Number(isInside(cos * x + sin * y, cos * y - sin * x));
        }
      into[row * side + column] = covered / (fineness * fineness);
    }
}
