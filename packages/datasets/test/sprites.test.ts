import { createHash } from 'node:crypto';
import { createRegistry } from '@elbo/core';
import { key } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import {
  binarise,
  conditionOnLabel,
  datasetCategory,
  datasetKinds,
  labelled,
  randomSprites,
  sprites,
  spriteValues,
  subset,
  type Rows,
  type SpriteFactors,
} from '../src/index.js';
import { outlines, reach } from '../src/procedural/sprites/shapes.js';

const side = 32;
const data = sprites({ side });
const middle: SpriteFactors = { shape: 0, scale: 5, orientation: 0, x: 16, y: 16 };
const image = (changes: Partial<SpriteFactors>, of = data): Float32Array =>
  of.draw([{ ...middle, ...changes }]);
const numbers = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);
const range = (n: number): number[] => [...numbers(n)];

/** How much of an image is covered, in pixels, and the centre of that. */
function moments(x: Float32Array, of = side): { area: number; cx: number; cy: number } {
  let [area, cx, cy] = [0, 0, 0];
  x.forEach((value, i) => {
    area += value;
    cx += value * ((i % of) + 0.5);
    cy += value * (Math.floor(i / of) + 0.5);
  });
  return { area, cx: cx / area, cy: cy / area };
}

describe('a sprite', () => {
  it('turns by what its shape is symmetric to: a quarter, a half, a whole turn', () => {
    const turned = (shape: number, by: number): boolean =>
      range(40 - by).every((orientation) => {
        const [a, b] = [orientation, orientation + by].map((o) => image({ shape, orientation: o }));
        return a!.every((value, i) => value === b![i]);
      });
    // To the bit: quarter turns change no digit of a point.
    expect([1, 5, 10].map((by) => turned(0, by))).toEqual([false, false, true]);
    expect([10, 20].map((by) => turned(1, by))).toEqual([false, true]);
    expect([10, 20].map((by) => turned(2, by))).toEqual([false, false]);
  });

  it('is a square of whole pixels where it is one, and a heart is as wide to the left as to the right', () => {
    // A side of .28 · 100 pixels, and centres that are quarters of a pixel apart from the grid's lines at place 0.
    expect(moments(image({ x: 0, y: 0 }, sprites({ side: 100 })), 100).area).toBe(28 ** 2);
    // Places 15 and 16 of 0 to 31 mirror each other.
    const large = sprites({ side: 62 });
    const [heart, other] = [image({ shape: 2 }, large), image({ shape: 2, x: 15 }, large)];
    expect(
      heart.every((value, i) => other[62 * Math.floor(i / 62) + 61 - (i % 62)] === value),
    ).toBe(true);
  });

  it('covers an area that grows as the square of its scale, the same for every shape', () => {
    for (const shape of range(3))
      for (const scale of range(6)) {
        // The mean over orientations, which fall differently on the points looked at.
        const areas = range(40).map(
          (orientation) => moments(image({ shape, scale, orientation })).area,
        );
        const mean = areas.reduce((a, b) => a + b) / areas.length;
        expect(mean / (0.28 * side * (0.5 + 0.1 * scale)) ** 2).toBeGreaterThan(0.99);
        expect(mean / (0.28 * side * (0.5 + 0.1 * scale)) ** 2).toBeLessThan(1.01);
      }
  });

  it('has its centre of mass where x and y say, and moves evenly', () => {
    for (const { factors, name } of [
      { factors: (v: number) => ({ x: v }), name: 'cx' },
      { factors: (v: number) => ({ y: v }), name: 'cy' },
    ] as const)
      for (const shape of range(3))
        for (const value of range(32)) {
          const expected = side * (0.25 + (0.5 * value) / 31);
          const found = moments(image({ shape, orientation: 7, ...factors(value) }));
          // A point stands for a sixteenth of a pixel; an edge of ten pixels is off by less than a tenth.
          expect(Math.abs(found[name] - expected)).toBeLessThan(0.1);
        }
  });

  it('lies inside the image wherever it is, in sixteenths', () => {
    for (const factors of randomSprites(key(3), 300, { scale: 5 })) {
      const x = data.draw([factors]);
      expect(x.every((value) => Number.isInteger(16 * value) && value >= 0 && value <= 1)).toBe(
        true,
      );
    }
    // What would be cut off at a border would be missing from the area.
    for (const shape of range(3))
      for (const orientation of range(40)) {
        const areas = [0, 31].flatMap((x) =>
          [0, 31].map((y) => moments(image({ shape, orientation, x, y })).area),
        );
        for (const area of areas)
          expect(Math.abs(area / (0.28 * side) ** 2 - 1)).toBeLessThan(0.03);
      }
  });

  it('reaches as far as the ellipse’s end, and no shape further', () => {
    const furthest = outlines.map((isInside) => {
      let most = 0;
      for (let x = -100; x <= 100; x++)
        for (let y = -100; y <= 100; y++)
          if (isInside(x / 100, y / 100)) most = Math.max(most, Math.hypot(x, y) / 100);
      return most;
    });
    expect(Math.max(...furthest)).toBeLessThanOrEqual(reach);
    // The points lie a hundredth apart.
    expect(Math.max(...furthest)).toBeGreaterThan(reach - 0.02);
  });

  it('has no other factors than there are', () => {
    expect(() => image({ shape: 3 })).toThrow(/'shape' must be a whole number from 0 to 2, not 3/);
    expect(() => image({ x: 0.5 })).toThrow(/'x'/);
  });
});

describe('the set of sprites', () => {
  const digest = (x: Float32Array): string => createHash('sha256').update(x).digest('hex');
  const read = (rows: Uint32Array, of = data): Rows => of.read(rows, key(0)) as Rows;

  it('has every combination once, among its splits', () => {
    const seen = new Uint8Array(737_280);
    for (const split of ['train', 'validation', 'test'] as const) {
      const part = sprites({ split, seed: 4 });
      for (let row = 0; row < part.size; row++) {
        const { shape, scale, orientation, x, y } = part.factors(row);
        seen[(((shape * 6 + scale) * 40 + orientation) * 32 + x) * 32 + y]!++;
      }
    }
    expect(seen.every((count) => count === 1)).toBe(true);
  });

  it('draws what its factors say, the same bits for ever', () => {
    const rows = numbers(500);
    const { x, label } = read(rows);
    const factors = range(500).map((row) => data.factors(row));
    expect(digest(data.draw(factors))).toBe(digest(x));
    expect([...label!]).toEqual(factors.map(({ shape }) => shape));
    expect(digest(x)).toBe('43f6c273d44616b0dcfaf859ba09fc7a53ee9306c80467a7be1fca168518d219');
    expect(digest(read(rows, sprites({ seed: 1 })).x)).not.toBe(digest(x));
    expect(read(Uint32Array.of(7, 7, 499)).x.slice(0, side ** 2)).toEqual(
      x.slice(7 * side ** 2, 8 * side ** 2),
    );
    expect(() => read(Uint32Array.of(717_280))).toThrow(/no row 717280/);
  });

  it('is drawn for given factors, at random in the others', () => {
    const some = randomSprites(key(1), 4000, { scale: 2, shape: 1 });
    expect(some.every(({ scale, shape }) => scale === 2 && shape === 1)).toBe(true);
    for (const name of ['orientation', 'x', 'y'] as const) {
      const counts = new Array<number>(spriteValues[name]).fill(0);
      for (const factors of some) counts[factors[name]]!++;
      const expected = 4000 / spriteValues[name];
      // Five standard deviations of a binomial.
      for (const count of counts)
        expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('is rebuilt from its config, and refuses what it cannot be', () => {
    const small = binarise(sprites({ side: 64, size: 10, seed: 3, split: 'test' }), 'threshold');
    const again = createRegistry(...datasetKinds).build(datasetCategory, small.config);
    expect(again.shape).toEqual([64, 64, 1]);
    const [here, there] = [small, again].map((set) => set.read(numbers(10), key(0)) as Rows);
    expect(there).toEqual(here);
    expect(here!.x.every((value) => value === 0 || value === 1)).toBe(true);
    expect(() => sprites({ split: 'test', size: 10_001 })).toThrow(/test split has 10000/);
    expect(() => sprites({ side: 4 })).toThrow(/at least 8/);
  });
});

describe('what sprites are made from', () => {
  it('is told of the rows that other sets make of them', () => {
    const some = subset(binarise(data, 'threshold'), [7, 2]);
    expect(some.factors!(0)).toEqual(data.factors(7));
    expect(some.factors!(1)).toEqual(data.factors(2));
    expect(() => some.factors!(2)).toThrow(/row/);
    expect(conditionOnLabel(data).factors!(3)).toEqual(data.factors(3));
    // Rows of its own, beyond those of the other.
    expect(labelled(data, { count: 3 }).factors).toBeUndefined();
  });
});
