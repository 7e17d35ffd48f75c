import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { serves } from '../avoided_kernels.js';
import { back, last, ofLast, type Format } from './formats.js';
import { rule } from './rule.js';
import { windows } from './windows.js';

type Pair = [number, number];
type Shape4D = [number, number, number, number];

interface Depthwise extends Format {
  readonly strides: Pair | number;
  readonly dilations?: Pair | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Whether a kernel can give the gradient: those of stock backends know no dilation. */
function kernelGives(name: string, { dilations = 1 }: Depthwise): boolean {
  return [dilations].flat().every((n) => n === 1) && serves(name);
}

/** Windows over x [B, H, W, C], and dy [B, outH, outW, C·M] as [N, C, M] with N rows in all. */
function parts(xShape: number[], shape: number[], dy: Tensor, a: Depthwise) {
  const g = tf.backend_util.computeConv2DInfo(
    xShape as Shape4D,
    shape as Shape4D,
    a.strides,
    a.dilations ?? 1,
    a.pad,
    a.dimRoundingMode,
    true,
  );
  const [channels, multiplier] = shape.slice(2) as Pair;
  return { g, see: windows(g), rows: tf.reshape(dy, [-1, channels, multiplier]), channels };
}

function inputByParts(dy: Tensor, filter: Tensor, xShape: number[], a: Depthwise): Tensor {
  const { g, see, rows, channels } = parts(xShape, filter.shape, dy, a);
  const weights = tf.unstack(tf.reshape(filter, [-1, ...filter.shape.slice(2)]));
  return tf.addN(
    see.offsets.map((offset, i) => {
      const elements = tf.sum(tf.mul(rows, weights[i]!), 2);
      return see.place(
        tf.reshape(elements, [g.batchSize, g.outHeight, g.outWidth, channels]),
        offset,
      );
    }),
  );
}

function filterByParts(dy: Tensor, x: Tensor, shape: number[], a: Depthwise): Tensor {
  const { see, rows, channels } = parts(x.shape, shape, dy, a);
  const frame = see.frame(x);
  const each = see.offsets.map((offset) =>
    tf.sum(tf.mul(tf.reshape(see.pick(frame, offset), [-1, channels, 1]), rows), 0),
  );
  return tf.reshape(tf.stack(each), shape);
}

const run = (name: string, inputs: Record<string, Tensor>, attrs: object): Tensor =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap);

function inputGradient(dy: Tensor, filter: Tensor, inputShape: number[], a: Depthwise): Tensor {
  const name = 'DepthwiseConv2dNativeBackpropInput';
  return kernelGives(name, a)
    ? run(name, { dy, filter }, { ...a, inputShape })
    : inputByParts(dy, filter, inputShape, a);
}

function filterGradient(dy: Tensor, x: Tensor, filterShape: number[], a: Depthwise): Tensor {
  const name = 'DepthwiseConv2dNativeBackpropFilter';
  return kernelGives(name, a)
    ? run(name, { x, dy }, { ...a, filterShape })
    : filterByParts(dy, x, filterShape, a);
}

const convolution = (x: Tensor, filter: Tensor, a: Depthwise): Tensor =>
  tf.depthwiseConv2d(
    x as Tensor4D,
    filter as Tensor4D,
    a.strides,
    a.pad,
    'NHWC',
    a.dilations ?? 1,
    a.dimRoundingMode,
  );

const depthwise = rule<Depthwise>('DepthwiseConv2dNative', {
  inputs: ['x', 'filter'],
  gradient: (dy, [x, filter], a) => ({
    x: () => back(inputGradient(last(dy, a), filter!, last(x!, a).shape, ofLast(a)), a),
    filter: () => filterGradient(last(dy, a), last(x!, a), filter!.shape, ofLast(a)),
  }),
});

const inputKernel = rule<Depthwise>('DepthwiseConv2dNativeBackpropInput', {
  inputs: ['dy', 'filter'],
  gradient: (ddx, [dy, filter], a) => ({
    dy: () => back(convolution(last(ddx, a), filter!, ofLast(a)), a),
    filter: () => filterGradient(last(dy!, a), last(ddx, a), filter!.shape, ofLast(a)),
  }),
});

const filterKernel = rule<Depthwise>('DepthwiseConv2dNativeBackpropFilter', {
  inputs: ['x', 'dy'],
  gradient: (dw, [x, dy], a) => ({
    x: () => back(inputGradient(last(dy!, a), dw, last(x!, a).shape, ofLast(a)), a),
    dy: () => back(convolution(last(x!, a), dw, ofLast(a)), a),
  }),
});

/** Depthwise convolutions, [B, H, W, C] to [B, H, W, C·M]. */
export const depthwiseRules: readonly GradConfig[] = [depthwise, inputKernel, filterKernel];
