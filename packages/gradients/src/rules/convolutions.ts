import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { serves } from '../avoided_kernels.js';
import { back, last, ofLast, type Format } from './formats.js';
import { rule } from './rule.js';
import { spaceOut, windows } from './windows.js';

type Rounding = 'floor' | 'round' | 'ceil';
type Pair = [number, number];
type Shape4D = [number, number, number, number];

interface Convolution extends Format {
  readonly strides: Pair | number;
  readonly dilations?: Pair | number;
  readonly dimRoundingMode?: Rounding;
}

type Geometry = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** The numbers of a convolution of x [B, H, W, C] with a filter [h, w, C, K]. */
function geometry(xShape: number[], filterShape: number[], a: Convolution): Geometry {
  return tf.backend_util.computeConv2DInfo(
    xShape as Shape4D,
    filterShape as Shape4D,
    a.strides,
    a.dilations ?? 1,
    a.pad,
    a.dimRoundingMode,
  );
}

/**
 * The gradient of the filter, [h, w, C, K], as a convolution of x with dy, channels and batch
 * exchanged, strides and dilations too. It needs no kernel but Conv2D, and is itself differentiable.
 */
function filterByConvolution(x: Tensor, dy: Tensor, shape: number[], a: Convolution): Tensor {
  const g = geometry(x.shape, shape, a);
  const frame = windows(g).frame(x);
  const correlation = tf.conv2d(
    tf.transpose(frame, [3, 1, 2, 0]) as Tensor4D,
    tf.transpose(dy, [1, 2, 0, 3]) as Tensor4D,
    [g.dilationHeight, g.dilationWidth],
    'valid',
    'NHWC',
    [g.strideHeight, g.strideWidth],
  );
  return tf.transpose(correlation, [1, 2, 0, 3]);
}

const isOne = (pair: Pair | number | undefined): boolean =>
  pair === undefined || [pair].flat().every((n) => n === 1);

function filterGradient(x: Tensor, dy: Tensor, shape: number[], a: Convolution): Tensor {
  if (!isOne(a.dilations) || !serves('Conv2DBackpropFilter')) {
    return filterByConvolution(x, dy, shape, a);
  }
  const { strides, pad, dimRoundingMode } = a;
  return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, {
    strides,
    pad,
    dataFormat: 'NHWC',
    dimRoundingMode,
    filterShape: shape,
  } as tf.NamedAttrMap);
}

/**
 * The gradient of x, [B, H, W, C], as a convolution of dy, its elements set apart by the strides,
 * with the filter turned round and its channels exchanged.
 */
function inputByConvolution(dy: Tensor, filter: Tensor, g: Geometry): Tensor {
  const { padInfo, inHeight, inWidth, effectiveFilterHeight, effectiveFilterWidth } = g;
  const [height, width] = [
    inHeight + effectiveFilterHeight - 1,
    inWidth + effectiveFilterWidth - 1,
  ];
  const [top, left] = [
    effectiveFilterHeight - 1 - padInfo.top,
    effectiveFilterWidth - 1 - padInfo.left,
  ];
  const tall = spaceOut(dy, 1, top, g.strideHeight, height);
  return tf.conv2d(
    spaceOut(tall, 2, left, g.strideWidth, width) as Tensor4D,
    tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as Tensor4D,
    1,
    'valid',
    'NHWC',
    [g.dilationHeight, g.dilationWidth],
  );
}

/** With fewer channels even a slow kernel has little to do, and the convolution as much as ever. */
const channelsThatPay = 8;

function inputGradient(dy: Tensor, filter: Tensor, shape: number[], a: Convolution): Tensor {
  const g = geometry(shape, filter.shape, a);
  const avoided = g.inChannels >= channelsThatPay && !serves('Conv2DBackpropInput');
  if (avoided || !isOne(a.dilations)) return inputByConvolution(dy, filter, g);
  return tf.conv2dTranspose(
    dy as Tensor4D,
    filter as Tensor4D,
    shape as Shape4D,
    a.strides,
    a.pad,
    a.dimRoundingMode,
  );
}

const convolution = (x: Tensor, filter: Tensor, a: Convolution): Tensor =>
  tf.conv2d(
    x as Tensor4D,
    filter as Tensor4D,
    a.strides,
    a.pad,
    'NHWC',
    a.dilations ?? 1,
    a.dimRoundingMode,
  );

const conv2d = rule<Convolution>('Conv2D', {
  inputs: ['x', 'filter'],
  gradient: (dy, [x, filter], a) => ({
    x: () => back(inputGradient(last(dy, a), filter!, last(x!, a).shape, ofLast(a)), a),
    filter: () => filterGradient(last(x!, a), last(dy, a), filter!.shape, ofLast(a)),
  }),
});

/** A transposed convolution of dy; its gradient is a convolution. */
const transposed = rule<Convolution>('Conv2DBackpropInput', {
  inputs: ['dy', 'filter'],
  gradient: (ddx, [dy, filter], a) => ({
    dy: () => back(convolution(last(ddx, a), filter!, ofLast(a)), a),
    filter: () => filterGradient(last(ddx, a), last(dy!, a), filter!.shape, ofLast(a)),
  }),
});

/** Linear in x and in dy: this is what a second derivative of a convolution needs. */
const filterKernel = rule<Convolution>('Conv2DBackpropFilter', {
  inputs: ['x', 'dy'],
  gradient: (dw, [x, dy], a) => ({
    x: () => back(inputGradient(last(dy!, a), dw, last(x!, a).shape, ofLast(a)), a),
    dy: () => back(convolution(last(x!, a), dw, ofLast(a)), a),
  }),
});

/** Convolutions of images, [B, H, W, C]. */
export const convolutionRules: readonly GradConfig[] = [conv2d, transposed, filterKernel];
