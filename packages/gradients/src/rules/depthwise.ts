import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { serves } from '../avoided_kernels.js';
import { rule } from './rule.js';
import { windows } from './windows.js';

type Pair = [number, number];
type Shape4D = [number, number, number, number];

interface Depthwise {
  readonly strides: Pair | number;
  readonly pad: Parameters<typeof tf.conv2d>[3];
  readonly dilations?: Pair | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Whether a kernel can give the gradient: it knows no dilation and has no gradient of its own. */
function kernelGives(name: string, { dilations = 1 }: Depthwise): boolean {
  return !tf.engine().isTapeOn() && [dilations].flat().every((n) => n === 1) && serves(name);
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

function inputGradient(dy: Tensor, filter: Tensor, xShape: number[], a: Depthwise): Tensor {
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

function filterGradient(dy: Tensor, x: Tensor, shape: number[], a: Depthwise): Tensor {
  const { see, rows, channels } = parts(x.shape, shape, dy, a);
  const frame = see.frame(x);
  const each = see.offsets.map((offset) =>
    tf.sum(tf.mul(tf.reshape(see.pick(frame, offset), [-1, channels, 1]), rows), 0),
  );
  return tf.reshape(tf.stack(each), shape);
}

const depthwise = rule<Depthwise>('DepthwiseConv2dNative', {
  inputs: ['x', 'filter'],
  gradient: (dy, [x, filter], a) => ({
    x: () =>
      kernelGives('DepthwiseConv2dNativeBackpropInput', a)
        ? tf.engine().runKernel(
            'DepthwiseConv2dNativeBackpropInput',
            { dy, filter: filter! },
            {
              ...a,
              inputShape: x!.shape,
            },
          )
        : inputGradient(dy, filter!, x!.shape, a),
    filter: () =>
      kernelGives('DepthwiseConv2dNativeBackpropFilter', a)
        ? tf.engine().runKernel(
            'DepthwiseConv2dNativeBackpropFilter',
            { x: x!, dy },
            {
              ...a,
              filterShape: filter!.shape,
            },
          )
        : filterGradient(dy, x!, filter!.shape, a),
  }),
});

/** Depthwise convolutions, [B, H, W, C] to [B, H, W, C·M]. */
export const depthwiseRules: readonly GradConfig[] = [depthwise];
