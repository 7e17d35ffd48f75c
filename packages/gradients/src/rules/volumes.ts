import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { GradientError } from '../errors.js';
import { nothing, rule } from './rule.js';

type Triple = [number, number, number];

interface Volume {
  readonly strides: Triple | number;
  readonly pad: 'valid' | 'same';
  readonly dilations?: Triple | number;
}

interface Pool {
  readonly filterSize: Triple | number;
  readonly strides: Triple | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const run = (name: string, inputs: Record<string, Tensor>, attrs: object): Tensor =>
  tf.engine().runKernel(name, inputs, attrs as NamedAttrMap);

const inputKernel = (dy: Tensor, filter: Tensor, shape: number[], a: Volume): Tensor =>
  run('Conv3DBackpropInputV2', { dy, filter }, { ...a, inputShape: shape });

const filterKernel = (x: Tensor, dy: Tensor, shape: number[], a: Volume): Tensor =>
  run('Conv3DBackpropFilterV2', { x, dy }, { ...a, filterShape: shape });

const convolution = (x: Tensor, filter: Tensor, { strides, pad }: Volume): Tensor =>
  tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, pad);

const conv3d = rule<Volume>('Conv3D', {
  inputs: ['x', 'filter'],
  gradient: (dy, [x, filter], a) => {
    if (![a.dilations ?? 1].flat().every((n) => n === 1)) {
      throw new GradientError(
        `conv3d has no gradient with dilations ${String(a.dilations)}; use strides, or conv2d.`,
      );
    }
    return {
      x: () => inputKernel(dy, filter!, x!.shape, a),
      filter: () => filterKernel(x!, dy, filter!.shape, a),
    };
  },
});

const transposed = rule<Volume>('Conv3DBackpropInputV2', {
  inputs: ['dy', 'filter'],
  gradient: (ddx, [dy, filter], a) => ({
    dy: () => convolution(ddx, filter!, a),
    filter: () => filterKernel(ddx, dy!, filter!.shape, a),
  }),
});

const byFilter = rule<Volume>('Conv3DBackpropFilterV2', {
  inputs: ['x', 'dy'],
  gradient: (dw, [x, dy], a) => ({
    x: () => inputKernel(dy!, dw, x!.shape, a),
    dy: () => convolution(x!, dw, a),
  }),
});

const avgPool = rule<Pool>('AvgPool3D', {
  inputs: ['x'],
  gradient: (dy, [x], a) => ({ x: () => run('AvgPool3DGrad', { dy, input: x! }, a) }),
});

/** Linear in dy, and the adjoint of AvgPool3D. */
const avgPoolKernel = rule<Pool>('AvgPool3DGrad', {
  inputs: ['input'],
  gradient: (ddx, [input], a) => ({
    dy: () => tf.avgPool3d(ddx as tf.Tensor5D, a.filterSize, a.strides, a.pad, a.dimRoundingMode),
    input: () => nothing(input!),
  }),
});

/** First order only: its kernel has no gradient. */
const maxPool = rule('MaxPool3D', {
  inputs: ['x'],
  output: true,
  gradient: (dy, [x, y], a) => ({
    x: () => run('MaxPool3DGrad', { dy, input: x!, output: y! }, a),
  }),
});

/** First order only: its kernels have no gradients. */
const dilation = rule('Dilation2D', {
  inputs: ['x', 'filter'],
  gradient: (dy, [x, filter], a) => ({
    x: () => run('Dilation2DBackpropInput', { x: x!, filter: filter!, dy }, a),
    filter: () => run('Dilation2DBackpropFilter', { x: x!, filter: filter!, dy }, a),
  }),
});

/** Convolutions and pools of volumes, [B, D, H, W, C], and morphological dilation. */
export const volumeRules: readonly GradConfig[] = [
  conv3d,
  transposed,
  byFilter,
  avgPool,
  avgPoolKernel,
  maxPool,
  dilation,
];
