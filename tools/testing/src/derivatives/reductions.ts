import * as tf from '@tensorflow/tfjs-core';
import { one, type Case } from './cases.js';

export const reductions: Readonly<Record<string, Case>> = {
  sum: one((x) => tf.square(tf.sum(x, 1))),
  'sum of all': one((x) => tf.square(tf.sum(x))),
  mean: one((x) => tf.square(tf.mean(x, [0, 2])), 'apart', [2, 3, 4]),
  max: one((x) => tf.square(tf.max(x, 0)), 'distinct'),
  'max, kept axes': one((x) => tf.square(tf.max(x, [0, 1], true)), 'distinct', [2, 3, 4]),
  min: one((x) => tf.square(tf.min(x, 1)), 'distinct'),
  prod: one((x) => tf.prod(x, 1), 'positive', [3, 4]),
  'prod of all': one((x) => tf.prod(x), 'positive', [2, 3]),
  cumsum: one((x) => tf.square(tf.cumsum(x, 0)), 'apart', [4, 3]),
  'cumsum, exclusive and reversed': one((x) => tf.square(tf.cumsum(x, 1, true, true))),
  cumprod: one((x) => tf.cumprod(x, 1), 'positive'),
  'cumprod, exclusive and reversed': one((x) => tf.cumprod(x, 0, true, true), 'positive'),
  'layer norm': {
    f: ([x, gain]) => {
      const { mean, variance } = tf.moments(x!, -1, true);
      return tf.mul(gain!, tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-3))));
    },
    args: [
      [[3, 6], 'apart'],
      [[6], 'apart'],
    ],
  },
  'instance norm': one(
    (x) => {
      const { mean, variance } = tf.moments(x, [1, 2], true);
      return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
    },
    'apart',
    [2, 3, 3, 2],
  ),
  batchNorm: {
    f: ([x, mean, variance, offset, scale]) =>
      tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, 1e-3),
    args: [
      [[2, 2, 2, 3], 'apart'],
      [[3], 'apart'],
      [[3], 'positive'],
      [[3], 'apart'],
      [[3], 'apart'],
    ],
  },
  localResponseNormalization: {
    ...one((x) => tf.localResponseNormalization(x as tf.Tensor4D, 2), 'apart', [1, 2, 2, 6]),
    order: 1,
  },
};
