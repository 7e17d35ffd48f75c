// Convolutions and pools by plain loops over windows, in double precision: what the kernels are measured against.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect } from 'vitest';

type Rounding = 'floor' | 'round' | 'ceil';
/** Padding before and after, or a rule for it. */
type Pad = 'same' | 'valid' | readonly [before: number, after: number];

/** How windows lie along one dimension. */
export interface Dimension {
  readonly size: number;
  readonly filter: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: Pad;
  readonly rounding?: Rounding | undefined;
}

/** How many windows there are along a dimension, and how far before its first element the first starts. */
function layout(dimension: Dimension): {
  readonly windows: number;
  readonly before: number;
} {
  const { size, filter, stride, dilation, pad, rounding = 'floor' } = dimension;
  const reach = (filter - 1) * dilation + 1;
  if (pad === 'same') {
    const windows = Math.ceil(size / stride);
    return { windows, before: Math.floor(Math.max(0, (windows - 1) * stride + reach - size) / 2) };
  }
  const [before, after] = pad === 'valid' ? [0, 0] : pad;
  return { windows: Math[rounding]((size + before + after - reach) / stride + 1), before };
}

/** The numbers in row-major order of places with these coordinates. */
const number = (coordinates: readonly number[], sizes: readonly number[]): number =>
  coordinates.reduce((sum, coordinate, i) => sum * sizes[i]! + coordinate, 0);

function* coordinates(sizes: readonly number[]): Generator<number[]> {
  const [first, ...others] = sizes;
  if (first === undefined) yield [];
  else for (let i = 0; i < first; i++) for (const rest of coordinates(others)) yield [i, ...rest];
}

/** Calls `f` for each element of each window that lies inside, with the numbers of window, element and place. */
export function visit(
  dimensions: readonly Dimension[],
  f: (window: number, element: number, place: number) => void,
): void {
  const layouts = dimensions.map(layout);
  const windows = layouts.map((l) => l.windows);
  const filters = dimensions.map((d) => d.filter);
  const sizes = dimensions.map((d) => d.size);
  for (const window of coordinates(windows)) {
    for (const element of coordinates(filters)) {
      const place = dimensions.map(
        ({ stride, dilation }, i) =>
          window[i]! * stride - layouts[i]!.before + element[i]! * dilation,
      );
      if (place.every((at, i) => at >= 0 && at < sizes[i]!))
        f(number(window, windows), number(element, filters), number(place, sizes));
    }
  }
}

export const product = (numbers: readonly number[]): number => numbers.reduce((a, b) => a * b, 1);
export const windowsOf = (dimensions: readonly Dimension[]): number[] =>
  dimensions.map((d) => layout(d).windows);

/** Sums of products, with what bounds their rounding: how many there are, and the sum of their sizes. */
export class Sums {
  readonly sums: Float64Array;
  readonly sizes: Float64Array;
  readonly terms: Uint32Array;

  constructor(size: number) {
    this.sums = new Float64Array(size);
    this.sizes = new Float64Array(size);
    this.terms = new Uint32Array(size);
  }

  add(at: number, a: number, b: number): void {
    this.sums[at]! += a * b;
    this.sizes[at]! += Math.abs(a * b);
    this.terms[at]!++;
  }

  /** Expects each to be off by at most as many roundings of its largest partial sum as it has terms (Higham 2002, §3.1). */
  expect(values: ArrayLike<number>): void {
    expect(values.length).toBe(this.sums.length);
    for (const [i, sum] of this.sums.entries()) {
      const allowed = this.terms[i]! * 2 ** -24 * this.sizes[i]! + 1e-30;
      // Not NaN, which is not above anything.
      if (!(Math.abs(values[i]! - sum) <= allowed)) expect([i, values[i]]).toEqual([i, sum]);
    }
  }
}

const pads = fc.oneof(
  fc.constantFrom<Pad>('same', 'valid'),
  fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })),
);

/** `count` dimensions with one rule of padding, at least one window each, and strides or dilations of 1. */
export function dimensions(
  count: number,
  { dilated = true, numbers = true }: { dilated?: boolean; numbers?: boolean } = {},
): fc.Arbitrary<Dimension[]> {
  const one = fc.record({
    size: fc.integer({ min: 1, max: 9 }),
    filter: fc.integer({ min: 1, max: 4 }),
    step: fc.integer({ min: 1, max: 3 }),
  });
  return fc
    .tuple(
      fc.array(one, { minLength: count, maxLength: count }),
      fc.boolean(),
      numbers ? pads : fc.constantFrom<Pad>('same', 'valid'),
      fc.constantFrom<Rounding | undefined>(undefined, 'floor', 'round', 'ceil'),
    )
    .map(([each, dilate, pad, rounding]) =>
      each.map(({ size, filter, step }) => ({
        size,
        filter,
        stride: dilate && dilated ? 1 : step,
        dilation: dilate && dilated ? step : 1,
        pad,
        ...(typeof pad === 'string' ? {} : { rounding }),
      })),
    )
    .filter((all) => all.every((d) => layout(d).windows > 0));
}

/** The padding of images as TensorFlow.js takes it. */
export function padOf(
  dimensions: readonly Dimension[],
  format: 'NHWC' | 'NCHW' = 'NHWC',
): 'same' | 'valid' | tf.backend_util.ExplicitPadding {
  const { pad } = dimensions[0]!;
  if (typeof pad === 'string') return pad;
  const images = dimensions.map((d) => [...(d.pad as [number, number])] as [number, number]);
  const none: [number, number] = [0, 0];
  return (
    format === 'NHWC' ? [none, ...images, none] : [none, none, ...images]
  ) as tf.backend_util.ExplicitPadding;
}

export const floats = async (x: tf.Tensor): Promise<Float32Array> =>
  (await x.data()) as Float32Array;
