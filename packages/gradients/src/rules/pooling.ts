import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, NamedAttrMap, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { serves } from '../avoided_kernels.js';
import { nothing, rule, saved } from './rule.js';
import { windows } from './windows.js';

type Pair = [number, number];

interface Pool {
  readonly filterSize: Pair | number;
  readonly strides: Pair | number;
  readonly pad: Parameters<typeof tf.maxPool>[3];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const numbers = (x: Tensor, a: Pool) =>
  tf.backend_util.computePool2DInfo(
    x.shape as Tensor4D['shape'],
    a.filterSize,
    a.strides,
    1,
    a.pad,
    a.dimRoundingMode,
  );

/**
 * The gradient of a maximum over windows, from differentiable operations: dy goes to the first
 * element of its window that equals the maximum. Which that is, is locally constant.
 */
function toMaxima(dy: Tensor, x: Tensor, y: Tensor, a: Pool): Tensor {
  const see = windows(numbers(x, a));
  const frame = see.frame(x, Number.NEGATIVE_INFINITY);
  let free = tf.onesLike(y);
  const placed = see.offsets.map((offset) => {
    const equal = tf.cast(tf.equal(see.pick(frame, offset), y), 'float32');
    const first = tf.mul(equal, free);
    free = tf.sub(free, first);
    return see.place(tf.mul(first, dy), offset);
  });
  return tf.addN(placed);
}

const pool = (x: Tensor, a: Pool): Tensor =>
  tf.maxPool(x as Tensor4D, a.filterSize, a.strides, a.pad, a.dimRoundingMode);

const maxPool = rule<Pool>('MaxPool', {
  inputs: ['x'],
  output: true,
  gradient: (dy, [x, y], a) => ({
    x: () =>
      // MaxPoolGrad has no gradient of its own.
      !tf.engine().isTapeOn() && serves('MaxPoolGrad')
        ? tf
            .engine()
            .runKernel('MaxPoolGrad', { dy, input: x!, output: y! }, a as unknown as NamedAttrMap)
        : toMaxima(
            dy,
            x!,
            saved(y!, () => pool(x!, a)),
            a,
          ),
  }),
});

/** The gradient of a mean over the elements of each window that are not padding. */
function toElements(dy: Tensor, x: Tensor, a: Pool): Tensor {
  const see = windows(numbers(x, a));
  const frame = see.frame(tf.ones([1, x.shape[1]!, x.shape[2]!, 1]));
  const share = tf.div(dy, tf.addN(see.offsets.map((offset) => see.pick(frame, offset))));
  return tf.addN(see.offsets.map((offset) => see.place(share, offset)));
}

/** Whether part of a window is padding. */
const isPadded = (x: Tensor, a: Pool): boolean =>
  Object.values(numbers(x, a).padInfo).some((n) => typeof n === 'number' && n > 0);

const avgPool = rule<Pool>('AvgPool', {
  inputs: ['x'],
  gradient: (dy, [x], a) => ({
    x: () =>
      // The kernel divides by the size of the window, also where part of it is padding, which AvgPool leaves out.
      isPadded(x!, a)
        ? toElements(dy, x!, a)
        : tf.engine().runKernel('AvgPoolGrad', { dy, input: x! }, a as unknown as NamedAttrMap),
  }),
});

/** Linear in dy, and the adjoint of AvgPool: where it is not, it is gone round. */
const avgPoolKernel = rule<Pool>('AvgPoolGrad', {
  inputs: ['input'],
  gradient: (ddx, [input], a) => ({
    dy: () => tf.avgPool(ddx as Tensor4D, a.filterSize, a.strides, a.pad, a.dimRoundingMode),
    input: () => nothing(input!),
  }),
});

/** Pools of images, [B, H, W, C]. */
export const poolingRules: readonly GradConfig[] = [maxPool, avgPool, avgPoolKernel];
