import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, NamedAttrMap } from '@tensorflow/tfjs-core';
import { rule, sumTo } from './rule.js';

/** y = (x - mean)·scale / sqrt(variance + epsilon) + offset, the moments being inputs. */
const batchNorm = rule<{ varianceEpsilon: number }>('FusedBatchNorm', {
  inputs: ['x', 'mean', 'variance', 'scale'],
  gradient: (dy, [x, mean, variance, scale], { varianceEpsilon }) => {
    const inverse = () => tf.rsqrt(tf.add(variance!, varianceEpsilon));
    const scaled = () => tf.mul(dy, tf.mul(scale!, inverse()));
    const centred = () => tf.sub(x!, mean!);
    return {
      x: scaled,
      mean: () => tf.neg(sumTo(scaled(), mean!.shape)),
      variance: () =>
        sumTo(
          tf.mul(-0.5, tf.mul(tf.mul(scaled(), centred()), tf.square(inverse()))),
          variance!.shape,
        ),
      scale: () => sumTo(tf.mul(dy, tf.mul(centred(), inverse())), scale!.shape),
      offset: () => sumTo(dy, mean!.shape),
    };
  },
});

/** First order only: its kernel has no gradient. */
const localResponse = rule('LRN', {
  inputs: ['x'],
  output: true,
  gradient: (dy, [x, y], attrs) => ({
    x: () => tf.engine().runKernel('LRNGrad', { x: x!, y: y!, dy }, attrs as NamedAttrMap),
  }),
});

/** Normalisations that are kernels. Those built from tf.moments need no rule of their own. */
export const normalisationRules: readonly GradConfig[] = [batchNorm, localResponse];
