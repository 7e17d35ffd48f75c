import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { binary, rule, saved, sumTo } from './rule.js';

const float = (condition: Tensor): Tensor => tf.cast(condition, 'float32');

const power = rule('Pow', {
  inputs: ['a', 'b'],
  output: true,
  gradient: (dy, [a, b, y]) => ({
    a: () => {
      // Where b = 0 the gradient is 0, also at a = 0, where a^(b-1) is infinite.
      const exponent = tf.where(tf.equal(b!, 0), tf.onesLike(b!), b!);
      return sumTo(tf.mul(dy, tf.mul(b!, tf.pow(a!, tf.sub(exponent, 1)))), a!.shape);
    },
    b: () => {
      const base = tf.where(tf.greater(a!, 0), a!, tf.onesLike(a!));
      const out = saved(y!, () => tf.pow(a!, b!));
      return sumTo(tf.mul(dy, tf.mul(out, tf.log(base))), b!.shape);
    },
  }),
});

const difference = (a: Tensor, b: Tensor): Tensor => tf.mul(2, tf.sub(a, b));
const squares = (a: Tensor, b: Tensor): Tensor => tf.add(tf.square(a), tf.square(b));

/** Kernels of two operands that broadcast against one another, and sums of many. */
export const arithmeticRules: readonly GradConfig[] = [
  binary(
    'Add',
    (dy) => dy,
    (dy) => dy,
  ),
  binary(
    'Sub',
    (dy) => dy,
    (dy) => tf.neg(dy),
  ),
  binary(
    'Multiply',
    (dy, _, b) => tf.mul(dy, b),
    (dy, a) => tf.mul(dy, a),
  ),
  binary(
    'RealDiv',
    (dy, _, b) => tf.div(dy, b),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, tf.div(a, b)), b)),
  ),
  binary(
    'SquaredDifference',
    (dy, a, b) => tf.mul(dy, difference(a, b)),
    (dy, a, b) => tf.mul(dy, difference(b, a)),
  ),
  // Where they are equal, a takes the whole gradient.
  binary(
    'Maximum',
    (dy, a, b) => tf.mul(dy, float(tf.greaterEqual(a, b))),
    (dy, a, b) => tf.mul(dy, float(tf.less(a, b))),
  ),
  binary(
    'Minimum',
    (dy, a, b) => tf.mul(dy, float(tf.lessEqual(a, b))),
    (dy, a, b) => tf.mul(dy, float(tf.greater(a, b))),
  ),
  binary(
    'Mod',
    (dy) => dy,
    (dy, a, b) => tf.neg(tf.mul(dy, tf.floor(tf.div(a, b)))),
  ),
  binary(
    'Atan2',
    (dy, a, b) => tf.mul(dy, tf.div(b, squares(a, b))),
    (dy, a, b) => tf.neg(tf.mul(dy, tf.div(a, squares(a, b)))),
  ),
  power,
  {
    kernelName: 'AddN',
    saveAllInputs: true,
    gradFunc: (dy, terms) =>
      Object.fromEntries(terms.map((_, i) => [i, () => tf.clone(dy as Tensor)])),
  },
];
