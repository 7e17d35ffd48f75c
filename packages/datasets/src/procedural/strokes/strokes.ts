import { expectGiven } from '@elbo/core';
import { fold, normal, type Key } from '@elbo/random';
import { expectRows, expectSize, sourceOf } from '../../checks.js';
import type { Dataset, Split } from '../../dataset.js';
import { copyBytes } from '../../reading/gather.js';
import { drawFactors, type StrokeFactors } from './factors.js';
import { blankPage, develop, drawCurve, side, type PenPoint } from './pen.js';
import { skeletons, type Skeleton } from './skeletons.js';

/** Handwritten digits of 28×28 pixels, drawn on demand, and what each was drawn with. */
export interface StrokesDataset extends Dataset {
  /**
   * The factors of variation of a row; its `digit` is its label.
   *
   * @throws DataError for a row that does not exist.
   */
  factors(row: number): StrokeFactors;
}

/** How many digits, and which. */
export interface StrokesOptions {
  readonly size?: number;
  readonly seed?: number;
  readonly split?: Split;
}

const pixels = side * side;

/** The most rows that are kept once drawn: 47 MB of bytes. */
const mostKept = 60_000;

/**
 * Handwritten digits drawn from the strokes of ten skeletons, with random slant, scale, aspect, rotation, shift,
 * thickness and wobble; values are multiples of 1/255. A row is a function of (seed, split, its number), whatever the
 * size, and of exactly rounded arithmetic only, so it has the same bits in every engine.
 *
 * @example
 * ```ts
 * import { strokes } from '@elbo/datasets';
 *
 * const digits = strokes({ size: 1000, split: 'test' });
 * console.log(digits.size, digits.shape, digits.classes); // 1000 [ 28, 28, 1 ] 10
 * ```
 */
export function strokes(options: StrokesOptions = {}): StrokesDataset {
  expectGiven('strokes', options);
  const { size = 60_000, seed = 0, split = 'train' } = options;
  expectSize(size, 'strokes');
  const source = sourceOf('strokes', seed, split);
  const slots = size <= mostKept ? size : 1;
  const images = new Uint8Array(slots * pixels);
  const labels = new Int32Array(slots).fill(-1);
  /** Where the row's image and label lie, drawn first if they are not kept. */
  const slotOf = (row: number): number => {
    const slot = slots === size ? row : 0;
    if (slots < size || labels[slot]! < 0)
      labels[slot] = drawDigit(
        fold(source, row),
        images.subarray(slot * pixels, (slot + 1) * pixels),
      );
    return slot;
  };
  const dataset: StrokesDataset = {
    config: { kind: 'strokes', size, seed, split },
    name: 'strokes',
    size,
    shape: [side, side, 1],
    classes: skeletons.length,
    binary: false,
    range: 'unit',
    read: (rows) => {
      expectRows(rows, dataset);
      const x = new Float32Array(rows.length * pixels);
      const label = new Int32Array(rows.length);
      rows.forEach((row, i) => {
        const slot = slotOf(row);
        copyBytes(images, slot * pixels, x, i * pixels, pixels);
        label[i] = labels[slot]!;
      });
      return { x, label };
    },
    factors: (row) => {
      expectRows(Uint32Array.of(row), dataset);
      return drawFactors(fold(source, row));
    },
  };
  return dataset;
}

/** Draws the digit of a row's key as bytes; returns which it is. */
function drawDigit(source: Key, into: Uint8Array): number {
  const factors = drawFactors(source);
  const { anchors, strokes: curves } = skeletons[factors.digit]![factors.variant]!;
  const place = placement(factors);
  const noise = normal(fold(source, 'wobble'), 3 * anchors.length);
  const points = anchors.map((anchor): PenPoint => {
    const [right, down, pressure] = smoothed(noise, anchor, anchors);
    const { x, y } = place(anchor[0] + factors.wobble * right, anchor[1] + factors.wobble * down);
    return { x, y, radius: 0.5 * factors.thickness * Math.max(0.6, 1 + 0.12 * pressure) };
  });
  const page = blankPage();
  for (const curve of curves)
    drawCurve(
      page,
      curve.map((anchor) => points[anchor]!),
    );
  develop(page, into);
  return factors.digit;
}

/** Three standard normals at an anchor that vary smoothly over the page: the noise of near anchors is shared. */
function smoothed(
  noise: Float32Array,
  [x, y]: readonly [number, number],
  anchors: Skeleton['anchors'],
): readonly [number, number, number] {
  let right = 0;
  let down = 0;
  let pressure = 0;
  let total = 0;
  for (let j = 0; j < anchors.length; j++) {
    const dx = anchors[j]![0] - x;
    const dy = anchors[j]![1] - y;
    const near = 1 / (1 + 3 * (dx * dx + dy * dy));
    const weight = near * near;
    right += weight * noise[3 * j]!;
    down += weight * noise[3 * j + 1]!;
    pressure += weight * noise[3 * j + 2]!;
    total += weight * weight;
  }
  const scale = 1 / Math.sqrt(total);
  return [scale * right, scale * down, scale * pressure];
}

/** Where a skeleton's point lies on the page: stretched, sheared, turned, shifted. */
function placement(
  factors: StrokeFactors,
): (x: number, y: number) => { readonly x: number; readonly y: number } {
  const { slant, scale, aspect, rotation, shiftX, shiftY } = factors;
  // The half-angle formulae with tan(φ/2) ≈ φ/2 + φ³/24 make an exact rotation, by angles right to 1e-4, without
  // sine and cosine, whose last bits differ between engines.
  const half = (rotation * Math.PI) / 360;
  const tan = half + (half * half * half) / 3;
  const cos = (1 - tan * tan) / (1 + tan * tan);
  const sin = (2 * tan) / (1 + tan * tan);
  const centre = (side - 1) / 2;
  return (x, y) => {
    const u = scale * (aspect * x - slant * y);
    const v = scale * y;
    return { x: centre + shiftX + cos * u - sin * v, y: centre + shiftY + sin * u + cos * v };
  };
}
