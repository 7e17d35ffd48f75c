import * as tf from '@tensorflow/tfjs-core';
import { one, two, type Case } from './cases.js';

const conv =
  (...[strides, pad, dilations]: readonly [number, 'same' | 'valid' | number, number?]) =>
  (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilations);

const depthwise =
  (...[strides, pad, dilations]: readonly [number, 'same' | 'valid', number?]) =>
  (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilations);

const transposed =
  (size: [number, number, number, number], strides: number, pad: 'same' | 'valid') =>
  (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, size, strides, pad);

export const convolutions: Readonly<Record<string, Case>> = {
  'conv2d, valid': two(conv(1, 'valid'), [2, 4, 5, 2], [3, 2, 2, 3]),
  'conv2d, strides, same': two(conv(2, 'same'), [2, 5, 4, 2], [3, 3, 2, 2]),
  'conv2d, strides that leave a margin': two(conv(3, 'valid'), [1, 6, 7, 1], [2, 2, 1, 2]),
  'conv2d, padded by numbers': two(conv(2, 1), [1, 5, 5, 2], [4, 4, 2, 2]),
  'conv2d, 1 by 1': two(conv(1, 'same'), [2, 3, 3, 3], [1, 1, 3, 2]),
  'conv2d, dilated': two(conv(1, 'same', 2), [1, 6, 5, 2], [3, 2, 2, 2]),
  'conv2d, many channels': two(conv(1, 'same'), [1, 4, 3, 8], [3, 3, 8, 2]),
  'conv2d, many channels, strides': two(conv(2, 'same'), [1, 5, 4, 9], [4, 4, 9, 2]),
  'conv2d, many channels, a margin': two(conv(3, 'valid'), [1, 6, 7, 8], [2, 2, 8, 2]),
  'conv2d, padded beyond the filter': two(conv(1, 2), [1, 3, 3, 8], [2, 2, 8, 2]),
  'conv2d, channels first': {
    ...two(
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same', 'NCHW'),
      [1, 2, 4, 5],
      [3, 3, 2, 2],
    ),
    beyondStockWasm: true,
  },
  'conv2d, channels first, padded by numbers': {
    ...two(
      (x, w) =>
        tf.conv2d(
          x as tf.Tensor4D,
          w as tf.Tensor4D,
          1,
          [
            [0, 0],
            [0, 0],
            [1, 0],
            [0, 2],
          ],
          'NCHW',
        ),
      [1, 2, 4, 5],
      [3, 3, 2, 2],
    ),
    beyondStockWasm: true,
  },
  'conv2dTranspose, strides, same': two(
    transposed([2, 6, 5, 2], 2, 'same'),
    [2, 3, 3, 3],
    [4, 4, 2, 3],
  ),
  'conv2dTranspose, valid': two(transposed([1, 5, 4, 2], 1, 'valid'), [1, 3, 3, 1], [3, 2, 2, 1]),
  depthwiseConv2d: two(depthwise(2, 'same'), [2, 5, 4, 2], [3, 3, 2, 2]),
  'depthwiseConv2d, dilated': two(depthwise(1, 'valid', 2), [1, 5, 5, 2], [2, 3, 2, 1]),
};

export const images: Readonly<Record<string, Case>> = {
  'maxPool, windows below zero': one(
    (x) => tf.square(tf.maxPool(tf.sub(x, 5), 2, 2, 'valid')),
    'distinct',
    [2, 4, 5, 2],
  ),
  'maxPool, overlapping, same': one(
    (x) => tf.square(tf.maxPool(x as tf.Tensor4D, 3, 2, 'same')),
    'distinct',
    [1, 5, 4, 2],
  ),
  avgPool: one(
    (x) => tf.square(tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')),
    'apart',
    [2, 4, 5, 2],
  ),
  'avgPool, overlapping, same': one(
    (x) => tf.square(tf.avgPool(x as tf.Tensor4D, 3, 2, 'same')),
    'apart',
    [1, 5, 4, 2],
  ),
  resizeBilinear: one(
    (x) => tf.square(tf.image.resizeBilinear(x as tf.Tensor4D, [7, 5])),
    'apart',
    [1, 3, 4, 2],
  ),
  resizeNearestNeighbor: one(
    (x) => tf.square(tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [7, 6])),
    'apart',
    [2, 3, 4, 2],
  ),
  'resizeNearestNeighbor, aligned, smaller': one(
    (x) => tf.square(tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [2, 3], true)),
    'apart',
    [1, 4, 5, 1],
  ),
  conv3d: {
    ...two(
      (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, 'valid'),
      [1, 3, 3, 3, 2],
      [2, 2, 2, 2, 1],
    ),
    beyondStockWasm: true,
  },
  avgPool3d: one(
    (x) => tf.square(tf.avgPool3d(x as tf.Tensor5D, 2, 1, 'valid')),
    'apart',
    [1, 3, 3, 2, 2],
  ),
  maxPool3d: {
    ...one((x) => tf.maxPool3d(x as tf.Tensor5D, 2, 1, 'valid'), 'distinct', [1, 3, 3, 2, 1]),
    order: 1,
    beyondStockWasm: true,
  },
};
