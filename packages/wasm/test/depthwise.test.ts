import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';
import {
  dimensions,
  floats,
  padOf,
  product,
  Sums,
  visit,
  windowsOf,
  type Dimension,
} from './windows.js';

beforeAll(accelerated);

/** A depthwise convolution: x [B, H, W, C], the filter [h, w, C, M] and y [B, H, W, C · M]. */
interface Case {
  readonly batch: number;
  readonly dims: readonly Dimension[];
  readonly channels: number;
  readonly multiplier: number;
  readonly format: 'NHWC' | 'NCHW';
}

const shapes = ({ batch, dims, channels, multiplier }: Case) => ({
  x: [batch, ...dims.map((d) => d.size), channels],
  filter: [...dims.map((d) => d.filter), channels, multiplier],
  y: [batch, ...windowsOf(dims), channels * multiplier],
});

/** Σ x · filter · y, summed up for each number of one of the three from the other two. */
function sums(
  c: Case,
  of: 'x' | 'filter' | 'y',
  { x, filter, y }: Readonly<Record<'x' | 'filter' | 'y', Float32Array>>,
): Sums {
  const result = new Sums(product(shapes(c)[of]));
  const [places, windows] = [product(c.dims.map((d) => d.size)), product(windowsOf(c.dims))];
  const outputs = c.channels * c.multiplier;
  for (let b = 0; b < c.batch; b++) {
    visit(c.dims, (window, element, place) => {
      for (let k = 0; k < outputs; k++) {
        const atX = (b * places + place) * c.channels + Math.floor(k / c.multiplier);
        const atFilter = element * outputs + k;
        const atY = (b * windows + window) * outputs + k;
        if (of === 'x') result.add(atX, filter[atFilter]!, y[atY]!);
        else if (of === 'filter') result.add(atFilter, x[atX]!, y[atY]!);
        else result.add(atY, x[atX]!, filter[atFilter]!);
      }
    });
  }
  return result;
}

const toFormat = (x: tf.Tensor, { format }: Case): tf.Tensor =>
  format === 'NCHW' ? tf.transpose(x, [0, 3, 1, 2]) : x;
const toLast = (x: tf.Tensor, { format }: Case): tf.Tensor =>
  format === 'NCHW' ? tf.transpose(x, [0, 2, 3, 1]) : x;

const run = (name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap);

const cases: fc.Arbitrary<Case> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  dims: dimensions(2),
  channels: fc.integer({ min: 1, max: 9 }),
  multiplier: fc.integer({ min: 1, max: 3 }),
  format: fc.constantFrom('NHWC' as const, 'NCHW' as const),
});

it('a depthwise convolution and its gradients are the sums of products, within a rounding for each', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (c) => {
      const shape = shapes(c);
      const [lastX, filter, lastDy] = [waves(shape.x), waves(shape.filter, 1), waves(shape.y, 2)];
      const numbers = {
        x: await floats(lastX),
        filter: await floats(filter),
        y: await floats(lastDy),
      };
      const [x, dy] = [toFormat(lastX, c), toFormat(lastDy, c)];
      const attrs = {
        strides: c.dims.map((d) => d.stride),
        dilations: c.dims.map((d) => d.dilation),
        pad: padOf(c.dims, c.format),
        dataFormat: c.format,
        dimRoundingMode: c.dims[0]!.rounding,
      };
      poisonHeap(1 << 12);
      const y = toLast(run('DepthwiseConv2dNative', { x, filter }, attrs), c);
      expect(y.shape).toEqual(shape.y);
      sums(c, 'y', numbers).expect(await floats(y));
      const inputs = { ...attrs, inputShape: x.shape };
      const dx = toLast(run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, inputs), c);
      sums(c, 'x', numbers).expect(await floats(dx));
      const filters = { ...attrs, filterShape: shape.filter };
      const dFilter = run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, filters);
      sums(c, 'filter', numbers).expect(await floats(dFilter));
    }),
    { numRuns: 200, seed: 3 },
  );
});

it.each([
  [3, 1],
  [3, 4],
])(
  'fused.depthwiseConv2d is its parts: %s channels, each %s times',
  async (channels, multiplier) => {
    const x = waves([2, 7, 5, channels]) as tf.Tensor4D;
    const filter = waves([3, 2, channels, multiplier], 1) as tf.Tensor4D;
    const bias = waves([channels * multiplier], 2) as tf.Tensor1D;
    const options = { strides: 1, pad: 'same' as const };
    const fused = tf.fused.depthwiseConv2d({ x, filter, bias, activation: 'relu6', ...options });
    const y = tf.depthwiseConv2d(x, filter, 1, 'same');
    expect(Array.from(await floats(fused))).toEqual(
      Array.from(await floats(tf.relu6(tf.add(y, bias)))),
    );
  },
);

it('NaN reaches just the outputs that see it, and survives the activation', async () => {
  for (const channels of [1, 12]) {
    const numbers = new Float32Array(49 * channels).fill(1);
    numbers[(3 * 7 + 4) * channels] = NaN;
    const y = tf.fused.depthwiseConv2d({
      x: tf.tensor4d(numbers, [1, 7, 7, channels]),
      filter: tf.ones<tf.Rank.R4>([3, 3, channels, 1]),
      strides: 1,
      pad: 'same',
      activation: 'relu',
    });
    (await floats(y)).forEach((value, i) => {
      const [row, column] = [Math.floor(i / channels / 7), Math.floor(i / channels) % 7];
      const sees = i % channels === 0 && Math.abs(row - 3) <= 1 && Math.abs(column - 4) <= 1;
      expect(Number.isNaN(value)).toBe(sees);
    });
  }
});
