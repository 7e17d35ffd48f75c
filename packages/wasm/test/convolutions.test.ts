import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
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

type Format = 'NHWC' | 'NCHW';

/** A convolution: x [B, …, C], the filter […, C, K] and y [B, …, K]. */
interface Case {
  readonly batch: number;
  readonly dims: readonly Dimension[];
  readonly channels: number;
  readonly outputs: number;
  readonly format: Format;
}

const shapes = ({ batch, dims, channels, outputs }: Case) => ({
  x: [batch, ...dims.map((d) => d.size), channels],
  filter: [...dims.map((d) => d.filter), channels, outputs],
  y: [batch, ...windowsOf(dims), outputs],
});

/** Σ x · filter · y, summed up for each number of one of the three from the other two. */
function sums(
  c: Case,
  of: 'x' | 'filter' | 'y',
  { x, filter, y }: Readonly<Record<'x' | 'filter' | 'y', Float32Array>>,
): Sums {
  const result = new Sums(product(shapes(c)[of]));
  const [places, windows] = [product(c.dims.map((d) => d.size)), product(windowsOf(c.dims))];
  for (let b = 0; b < c.batch; b++) {
    visit(c.dims, (window, element, place) => {
      for (let i = 0; i < c.channels; i++) {
        for (let k = 0; k < c.outputs; k++) {
          const atX = (b * places + place) * c.channels + i;
          const atFilter = (element * c.channels + i) * c.outputs + k;
          const atY = (b * windows + window) * c.outputs + k;
          if (of === 'x') result.add(atX, filter[atFilter]!, y[atY]!);
          else if (of === 'filter') result.add(atFilter, x[atX]!, y[atY]!);
          else result.add(atY, x[atX]!, filter[atFilter]!);
        }
      }
    });
  }
  return result;
}

const cases = (count: number, formats: readonly Format[], options = {}): fc.Arbitrary<Case> =>
  fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    dims: dimensions(count, options),
    channels: fc.integer({ min: 1, max: 9 }),
    outputs: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 33, max: 36 })),
    format: fc.constantFrom(...formats),
  });

const runKernel = (name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap);

/** Channels last, or first. */
const toFormat = (x: tf.Tensor, format: Format): tf.Tensor =>
  format === 'NCHW' ? tf.transpose(x, [0, 3, 1, 2]) : x;
const toLast = (x: tf.Tensor, format: Format): tf.Tensor =>
  format === 'NCHW' ? tf.transpose(x, [0, 2, 3, 1]) : x;

function attributes({ dims, format }: Case) {
  return {
    strides: dims.map((d) => d.stride),
    dilations: dims.map((d) => d.dilation),
    pad: padOf(dims, format),
    dataFormat: format,
    dimRoundingMode: dims[0]!.rounding,
  };
}

/** The three tensors of a case, with numbers. */
async function operands(c: Case) {
  const shape = shapes(c);
  const tensors = { x: waves(shape.x), filter: waves(shape.filter, 1), y: waves(shape.y, 2) };
  const numbers = {
    x: await floats(tensors.x),
    filter: await floats(tensors.filter),
    y: await floats(tensors.y),
  };
  return { shape, tensors, numbers };
}

/** Compares Conv2D and its gradients with plain loops. */
async function checkImages(c: Case): Promise<void> {
  const { shape, tensors, numbers } = await operands(c);
  const attrs = attributes(c);
  const { filter } = tensors;
  const [x, dy] = [toFormat(tensors.x, c.format), toFormat(tensors.y, c.format)];
  poisonHeap(1 << 12);
  const y = toLast(runKernel('Conv2D', { x, filter }, attrs), c.format);
  expect(y.shape).toEqual(shape.y);
  sums(c, 'y', numbers).expect(await floats(y));
  const inputs = { ...attrs, inputShape: x.shape };
  const dx = toLast(runKernel('Conv2DBackpropInput', { dy, filter }, inputs), c.format);
  sums(c, 'x', numbers).expect(await floats(dx));
  const filters = { ...attrs, filterShape: shape.filter };
  const dFilter = runKernel('Conv2DBackpropFilter', { x, dy }, filters);
  sums(c, 'filter', numbers).expect(await floats(dFilter));
}

/** Compares Conv3D and its gradients with plain loops. */
async function checkVolumes(c: Case): Promise<void> {
  const { shape, tensors, numbers } = await operands(c);
  const { strides, dilations, pad } = attributes(c);
  const attrs = { strides, dilations, pad };
  const { x, filter, y: dy } = tensors;
  poisonHeap(1 << 12);
  const y = runKernel('Conv3D', { x, filter }, attrs);
  expect(y.shape).toEqual(shape.y);
  sums(c, 'y', numbers).expect(await floats(y));
  const inputs = { ...attrs, inputShape: shape.x };
  const dx = runKernel('Conv3DBackpropInputV2', { dy, filter }, inputs);
  sums(c, 'x', numbers).expect(await floats(dx));
  const filters = { ...attrs, filterShape: shape.filter };
  const dFilter = runKernel('Conv3DBackpropFilterV2', { x, dy }, filters);
  sums(c, 'filter', numbers).expect(await floats(dFilter));
}

const dimension = (
  size: number,
  filter: number,
  stride: number,
  pad: Dimension['pad'],
): Dimension => ({
  size,
  filter,
  stride,
  dilation: 1,
  pad,
});

describe('a convolution and its gradients are the sums of products, within a rounding for each', () => {
  it('of images, on odd shapes, strides, dilations, pads, roundings and formats', async () => {
    await fc.assert(fc.asyncProperty(cases(2, ['NHWC', 'NCHW']), checkImages), {
      numRuns: 200,
      seed: 1,
    });
  });

  it('of volumes', async () => {
    // Where a stride exceeds the filter, TensorFlow.js starts the windows of a volume padded 'same' after its start.
    const volumes = cases(3, ['NHWC'], { numbers: false }).filter(({ dims }) =>
      dims.every(({ pad, stride, filter }) => pad !== 'same' || stride <= filter),
    );
    await fc.assert(fc.asyncProperty(volumes, checkVolumes), { numRuns: 60, seed: 2 });
  });

  it.each<[string, Partial<Case>]>([
    ['of more patches than are made at once', { channels: 12, outputs: 18 }],
    ['of one channel', { channels: 1, outputs: 35 }],
    ['by one element', { dims: [dimension(9, 1, 1, 'same'), dimension(7, 1, 1, 'same')] }],
    [
      'by one element, with padding after',
      { dims: [dimension(5, 1, 1, [0, 2]), dimension(4, 1, 1, [0, 2])] },
    ],
    [
      'by a filter of the size of the image',
      { dims: [dimension(5, 5, 1, 'valid'), dimension(4, 4, 3, 'valid')] },
    ],
    [
      'by a filter of the height of the image',
      { dims: [dimension(5, 5, 1, 'valid'), dimension(4, 1, 1, 'valid')] },
    ],
    [
      'with padding beyond the filter',
      { dims: [dimension(3, 2, 1, [3, 4]), dimension(4, 2, 2, [3, 4])] },
    ],
  ])('%s', async (_, part) => {
    await checkImages({
      batch: 2,
      dims: [dimension(23, 5, 1, 'same'), dimension(21, 4, 1, 'same')],
      channels: 6,
      outputs: 19,
      format: 'NHWC',
      ...part,
    });
  });
});

it('of nothing: no images, no windows', async () => {
  const filter = waves([2, 2, 3, 20]) as tf.Tensor4D;
  const none = tf.conv2d(tf.zeros<tf.Rank.R4>([0, 4, 4, 3]), filter, 1, 'valid');
  expect(none.shape).toEqual([0, 3, 3, 20]);
  const attrs = { strides: 1, pad: 'valid', dataFormat: 'NHWC', filterShape: filter.shape };
  poisonHeap();
  const zero = runKernel(
    'Conv2DBackpropFilter',
    { x: tf.zeros([1, 1, 4, 3]), dy: tf.zeros([1, 0, 3, 20]) },
    attrs,
  );
  expect(Array.from(await floats(zero))).toEqual(new Array(filter.size).fill(0));
});

it.each([1, 20, 40])(
  'a window that does not fit is an error that says so: %s channels out',
  (outputs) => {
    const x = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
    const filter = tf.zeros<tf.Rank.R4>([5, 5, 1, outputs]);
    expect(() => tf.conv2d(x, filter, 1, 'valid')).toThrow(/does not fit/);
  },
);

it('a gradient of an output that this input does not have is an error that says so', () => {
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 1, 2] };
  const [x, dy] = [tf.zeros([1, 4, 4, 1]), tf.zeros([1, 5, 4, 2])];
  expect(() => runKernel('Conv2DBackpropFilter', { x, dy }, attrs)).toThrow(
    /1, 5, 4, 2.*1, 4, 4, 2/,
  );
});

const inner = async (a: tf.Tensor, b: tf.Tensor): Promise<{ sum: number; size: number }> => {
  const [left, right] = [await floats(a), await floats(b)];
  let [sum, size] = [0, 0];
  left.forEach((value, i) => {
    sum += value * right[i]!;
    size += Math.abs(value * right[i]!);
  });
  return { sum, size };
};

/** Expects ⟨a, b⟩ = ⟨c, d⟩, where each is off by n roundings of its terms. */
async function expectAdjoint(
  n: number,
  [a, b]: readonly [tf.Tensor, tf.Tensor],
  [c, d]: readonly [tf.Tensor, tf.Tensor],
): Promise<void> {
  const [left, right] = [await inner(a, b), await inner(c, d)];
  const allowed = n * 2 ** -24 * (left.size + right.size);
  expect(Math.abs(left.sum - right.sum)).toBeLessThanOrEqual(allowed);
}

it.each([
  [1, 'same'],
  [2, 'same'],
  [2, 'valid'],
  [3, 1],
  [
    2,
    [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
  ],
] as [number, 'same' | 'valid' | number | tf.backend_util.ExplicitPadding][])(
  'conv2dTranspose is the adjoint of conv2d: strides %s, padding %s',
  async (strides, pad) => {
    const x = waves([3, 9, 8, 5]) as tf.Tensor4D;
    const filter = waves([4, 4, 5, 18], 1) as tf.Tensor4D;
    const y = tf.conv2d(x, filter, strides, pad);
    const dy = waves(y.shape, 2) as tf.Tensor4D;
    poisonHeap();
    const back = tf.conv2dTranspose(dy, filter, x.shape, strides, pad);
    expect(back.shape).toEqual(x.shape);
    await expectAdjoint(4 * 4 * 18, [y, dy], [x, back]);
  },
);

const activations = ['linear', 'relu', 'relu6', 'elu', 'leakyrelu', 'sigmoid', 'prelu'] as const;

it.each(activations)(
  'fused.conv2d with %s is its parts, one after the other',
  async (activation) => {
    for (const [outputs, shapes] of [
      [19, [[19], [1], [], [4, 3, 19], [4, 1, 1]]],
      [5, [[5], [1], [1, 1, 5]]],
    ] as const) {
      const x = waves([2, 7, 5, 3]) as tf.Tensor4D;
      const filter = tf.mul<tf.Tensor4D>(waves([3, 2, 3, outputs], 1), 4);
      const y = tf.conv2d(x, filter, 2, 'same');
      for (const shape of [undefined, ...shapes]) {
        const bias = shape && waves([...shape], 2);
        const preluActivationWeights = waves([outputs], 3);
        const fused = tf.fused.conv2d({
          x,
          filter,
          strides: 2,
          pad: 'same',
          activation,
          ...(bias && { bias }),
          ...(activation === 'prelu' && { preluActivationWeights }),
        });
        const biased = bias ? tf.add(y, bias) : y;
        const apart = {
          linear: () => biased,
          relu: () => tf.relu(biased),
          relu6: () => tf.relu6(biased),
          elu: () => tf.elu(biased),
          leakyrelu: () => tf.leakyRelu(biased),
          sigmoid: () => tf.sigmoid(biased),
          prelu: () => tf.prelu(biased, preluActivationWeights),
        }[activation]();
        const [found, wanted] = [await floats(fused), await floats(apart)];
        // Activations round in their last two places, those of the stock backend too.
        wanted.forEach((value, i) => {
          expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(
            2 ** -21 * Math.max(1, Math.abs(value)),
          );
        });
      }
    }
  },
);

it('fused.conv2d takes channels first, with a bias and prelu weights for each channel', async () => {
  const x = waves([2, 3, 7, 5]) as tf.Tensor4D;
  const filter = waves([3, 2, 3, 4], 1) as tf.Tensor4D;
  const [bias, weights] = [waves([4], 2), waves([4], 3)] as [tf.Tensor1D, tf.Tensor1D];
  const options = { filter, strides: 1, pad: 'same' as const, bias, activation: 'prelu' as const };
  const first = tf.fused.conv2d({
    x,
    ...options,
    dataFormat: 'NCHW',
    preluActivationWeights: weights,
  });
  const last = tf.fused.conv2d({
    x: tf.transpose(x, [0, 2, 3, 1]),
    ...options,
    preluActivationWeights: weights,
  });
  const [found, wanted] = [await floats(tf.transpose(first, [0, 2, 3, 1])), await floats(last)];
  // Two orders of the same 18 products.
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(36 * 2 ** -24 * 18);
  });
});

it('NaN and infinity reach just the outputs that see them, and survive the activations', async () => {
  for (const outputs of [3, 20]) {
    const numbers = new Float32Array(49).fill(1);
    numbers[3 * 7 + 4] = NaN;
    const x = tf.tensor4d(numbers, [1, 7, 7, 1]);
    const filter = tf.ones<tf.Rank.R4>([3, 3, 1, outputs]);
    for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const) {
      const y = tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', activation });
      const values = await floats(y);
      values.forEach((value, i) => {
        const [row, column] = [Math.floor(i / outputs / 7), Math.floor(i / outputs) % 7];
        const sees = Math.abs(row - 3) <= 1 && Math.abs(column - 4) <= 1;
        expect(Number.isNaN(value)).toBe(sees);
      });
    }
  }
});
