import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { rule, unary, unaryByOutput } from './rule.js';

/** 1 - x². */
const complement = (x: Tensor): Tensor => tf.sub(1, tf.square(x));

/** The clipped range is closed: the gradient passes at its ends. */
const clip = rule<{ clipValueMin: number; clipValueMax: number }>('ClipByValue', {
  inputs: ['x'],
  gradient: (dy, [x], { clipValueMin, clipValueMax }) => ({
    x: () => {
      const inside = tf.logicalAnd(
        tf.greaterEqual(x!, clipValueMin),
        tf.lessEqual(x!, clipValueMax),
      );
      return tf.where(inside, dy, tf.zerosLike(dy));
    },
  }),
});

/** Functions of one number that are no activations. */
export const elementwiseRules: readonly GradConfig[] = [
  unary('Neg', (dy) => tf.neg(dy)),
  unary('Abs', (dy, x) => tf.mul(dy, tf.sign(x))),
  unary('Square', (dy, x) => tf.mul(dy, tf.mul(2, x))),
  unaryByOutput('Sqrt', tf.sqrt, (dy, y) => tf.div(dy, tf.mul(2, y))),
  unaryByOutput('Rsqrt', tf.rsqrt, (dy, y) => tf.mul(dy, tf.mul(-0.5, tf.mul(y, tf.square(y))))),
  unaryByOutput('Reciprocal', tf.reciprocal, (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  unaryByOutput('Exp', tf.exp, (dy, y) => tf.mul(dy, y)),
  unary('Expm1', (dy, x) => tf.mul(dy, tf.exp(x))),
  unary('Log', (dy, x) => tf.div(dy, x)),
  unary('Log1p', (dy, x) => tf.div(dy, tf.add(1, x))),
  unary('Erf', (dy, x) => tf.mul(dy, tf.mul(2 / Math.sqrt(Math.PI), tf.exp(tf.neg(tf.square(x)))))),
  unary('Sin', (dy, x) => tf.mul(dy, tf.cos(x))),
  unary('Cos', (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  unary('Tan', (dy, x) => tf.div(dy, tf.square(tf.cos(x)))),
  unary('Sinh', (dy, x) => tf.mul(dy, tf.cosh(x))),
  unary('Cosh', (dy, x) => tf.mul(dy, tf.sinh(x))),
  unary('Asin', (dy, x) => tf.div(dy, tf.sqrt(complement(x)))),
  unary('Acos', (dy, x) => tf.neg(tf.div(dy, tf.sqrt(complement(x))))),
  unary('Atan', (dy, x) => tf.div(dy, tf.add(1, tf.square(x)))),
  unary('Asinh', (dy, x) => tf.div(dy, tf.sqrt(tf.add(1, tf.square(x))))),
  unary('Acosh', (dy, x) => tf.div(dy, tf.sqrt(tf.sub(tf.square(x), 1)))),
  unary('Atanh', (dy, x) => tf.div(dy, complement(x))),
  clip,
];
