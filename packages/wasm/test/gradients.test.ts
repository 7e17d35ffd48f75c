import { gradientsOf, inputGradient } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';
import { floats } from './windows.js';

beforeAll(accelerated);

type Images = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor;

const volumes = (x: tf.Tensor): tf.Tensor5D => tf.reshape(x, [2, 6, 5, 2, 2]);

const volumeFilter = (w: tf.Tensor): tf.Tensor5D => tf.reshape(w, [3, 2, 2, 2, 3]);

/** Functions of images [2, 6, 5, 4] and a filter. Those without one ignore it. */
const functions: Readonly<Record<string, readonly [Images, filter: number[], order?: 1]>> = {
  conv2d: [(x, w) => tf.conv2d(x, w, 1, 'same'), [3, 3, 4, 5]],
  'conv2d of many channels, strides': [(x, w) => tf.conv2d(x, w, 2, 'same'), [4, 4, 4, 18]],
  'conv2d, channels first': [
    (x, w) => tf.conv2d(tf.transpose(x, [0, 3, 1, 2]), w, 2, 'same', 'NCHW'),
    [3, 3, 4, 2],
  ],
  'conv2d, dilated': [(x, w) => tf.conv2d(x, w, 1, 'same', 'NHWC', 2), [2, 3, 4, 3]],
  conv2dTranspose: [(x, w) => tf.conv2dTranspose(x, w, [2, 12, 10, 3], 2, 'same'), [4, 4, 3, 4]],
  depthwiseConv2d: [(x, w) => tf.depthwiseConv2d(x, w, 1, 'same'), [3, 3, 4, 2]],
  'depthwiseConv2d, channels first': [
    (x, w) => tf.depthwiseConv2d(tf.transpose(x, [0, 3, 1, 2]), w, 1, 'same', 'NCHW'),
    [3, 2, 4, 1],
  ],
  conv3d: [(x, w) => tf.conv3d(volumes(x), volumeFilter(w), 1, 'same'), [3, 2, 2, 6]],
  avgPool: [(x, w) => tf.avgPool(tf.mul(x, w), 2, 2, 'valid'), [1]],
  'avgPool, padded': [(x, w) => tf.avgPool(tf.mul(x, w), 3, 2, 'same'), [1]],
  avgPool3d: [(x, w) => tf.avgPool3d(volumes(tf.mul(x, w)), 3, 2, 'same'), [1]],
  maxPool: [(x, w) => tf.maxPool(tf.mul(x, w), 3, 2, 'same'), [1]],
  'maxPool of negative numbers': [
    (x, w) => tf.maxPool(tf.sub(tf.mul(x, w), 9), 2, 2, 'valid'),
    [1],
  ],
  maxPool3d: [(x, w) => tf.maxPool3d(volumes(tf.mul(x, w)), 2, 1, 'same'), [1], 1],
  dilation2d: [(x, w) => tf.dilation2d(x, tf.reshape(w, [3, 2, 4]), 1, 'same'), [3, 2, 4, 1], 1],
};

type Loss = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Scalar;

/** Σ w · (y + y²), of all outputs, so that no derivative vanishes and none can be confused. */
const lossOf =
  (f: Images): Loss =>
  (x, filter) => {
    const y = f(x, filter);
    return tf.sum<tf.Scalar>(tf.mul(waves(y.shape, 5), tf.add(y, tf.square(y))));
  };

/** The gradients of a loss along a direction, and by Richardson's extrapolation of central differences. */
async function compare(loss: Loss, x: tf.Tensor4D, filter: tf.Tensor4D): Promise<void> {
  const [dx, dFilter] = [waves(x.shape, 3), waves(filter.shape, 4)];
  poisonHeap();
  const { f } = gradientsOf(() => ({ f: loss(x, filter) }), { f: { x, filter } });
  const { x: gx, filter: gFilter } = f.gradients as Record<'x' | 'filter', tf.Tensor>;
  const parts = [await floats(tf.mul(gx, dx)), await floats(tf.mul(gFilter, dFilter))];
  const terms = parts.flatMap((part) => Array.from(part));
  const at = async (h: number): Promise<number> =>
    (await floats(loss(tf.add(x, tf.mul(dx, h)), tf.add(filter, tf.mul(dFilter, h)))))[0]!;
  const slope = async (h: number): Promise<number> => ((await at(h)) - (await at(-h))) / (2 * h);
  const numeric = (4 * (await slope(0.005)) - (await slope(0.01))) / 3;
  const analytic = terms.reduce((sum, term) => sum + term, 0);
  const scale = terms.reduce((sum, term) => sum + Math.abs(term), 1);
  // In float32 with h = 0.005, a loss of the size of its gradient leaves 2⁻²³ / h, some 1e-5, for each of its roundings.
  expect(Math.abs(analytic - numeric) / scale).toBeLessThan(1e-3);
}

/** A filter; of one number it is 1. */
function filterOf(shape: number[]): tf.Tensor4D {
  const filter: tf.Tensor = shape.length === 1 ? tf.ones([1]) : waves(shape, 1);
  return filter as tf.Tensor4D;
}

/** Numbers so far apart that differences do not change which is the largest of a window. */
function apart(shape: [number, number, number, number]): tf.Tensor4D {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor4d(
    Float32Array.from({ length: size }, (_, i) => ((i * 89) % size) * 0.05 - size * 0.025),
    shape,
  );
}

describe.each(Object.entries(functions))('%s', (name, [f, shape, order = 2]) => {
  const pooled = /maxPool|dilation/.test(name);
  const operands = (): [tf.Tensor4D, tf.Tensor4D] => [
    pooled ? apart([2, 6, 5, 4]) : (waves([2, 6, 5, 4]) as tf.Tensor4D),
    filterOf(shape),
  ];

  it('its gradient equals difference quotients', async () => {
    await compare(lossOf(f), ...operands());
  });

  it.runIf(order === 2)('the gradient of its gradient equals difference quotients', async () => {
    await compare(
      (x, filter) => {
        const gradient = inputGradient((at) => lossOf(f)(at as tf.Tensor4D, filter), x);
        return tf.sum<tf.Scalar>(tf.mul(waves(x.shape, 6), tf.add(gradient, tf.square(gradient))));
      },
      ...operands(),
    );
  });
});

/** The kernels that a function and its gradients run. */
async function kernelsOf(f: Images, shape: number[]): Promise<string[]> {
  const [x, filter] = [waves([2, 8, 8, 8]) as tf.Tensor4D, waves(shape, 1) as tf.Tensor4D];
  const { kernelNames } = await tf.profile(
    () => gradientsOf(() => ({ f: tf.sum<tf.Scalar>(f(x, filter)) }), { f: { x, filter } }).f.value,
  );
  return kernelNames;
}

it.each<[Images, number[], ...string[]]>([
  [
    (x, w) => tf.conv2d(x, w, 2, 'same'),
    [4, 4, 8, 20],
    'Conv2DBackpropInput',
    'Conv2DBackpropFilter',
  ],
  [
    (x, w) => tf.conv2dTranspose(x, w, [2, 16, 16, 4], 2, 'same'),
    [4, 4, 4, 8],
    'Conv2DBackpropFilter',
  ],
  [
    (x, w) => tf.depthwiseConv2d(x, w, 1, 'same'),
    [3, 3, 8, 1],
    'DepthwiseConv2dNativeBackpropInput',
    'DepthwiseConv2dNativeBackpropFilter',
  ],
  [(x, w) => tf.maxPool(tf.mul(x, w), 2, 2, 'same'), [1], 'MaxPoolGrad'],
  [(x, w) => tf.avgPool(tf.mul(x, w), 2, 2, 'valid'), [1], 'AvgPoolGrad'],
])(
  'first-order gradients run these kernels, and no composition: %#',
  async (f, shape, ...names) => {
    const kernels = await kernelsOf(f, shape);
    expect(kernels).toEqual(expect.arrayContaining(names));
    for (const composed of ['Transpose', 'StridedSlice', 'PadV2', 'Slice'])
      expect(kernels).not.toContain(composed);
  },
);
