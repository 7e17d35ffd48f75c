import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { rule, saved, sumTo, unary, unaryByOutput } from './rule.js';

// Klambauer et al. 2017, Self-normalizing neural networks, equation 2: scale, and scale times alpha.
const seluScale = 1.0507009873554805;
const seluScaleAlpha = 1.7580993408473768;

const selu = unary('Selu', (dy, x) => {
  const negative = tf.mul(seluScaleAlpha, tf.exp(tf.minimum(x, 0)));
  return tf.mul(dy, tf.where(tf.greater(x, 0), tf.fill(x.shape, seluScale), negative));
});

/** y' = exp(min(x, 0)) = 1 + min(y, 0); the second needs no exponential, the first no saved output. */
const elu = rule('Elu', {
  inputs: ['x'],
  output: true,
  gradient: (dy, [x, y]) => ({
    x: () =>
      tf.engine().isTapeOn()
        ? tf.mul(dy, tf.exp(tf.minimum(x!, 0)))
        : tf.mul(dy, tf.add(1, tf.minimum(y!, 0))),
  }),
});

const leakyRelu = rule<{ alpha: number }>('LeakyRelu', {
  inputs: ['x'],
  gradient: (dy, [x], { alpha }) => ({ x: () => tf.mul(dy, tf.step(x!, alpha)) }),
});

const prelu = rule('Prelu', {
  inputs: ['x', 'alpha'],
  gradient: (dy, [x, alpha]) => ({
    x: () => tf.where(tf.greater(x!, 0), dy, tf.mul(dy, alpha!)),
    alpha: () => sumTo(tf.mul(dy, tf.minimum(x!, 0)), alpha!.shape),
  }),
});

const softmax = rule<{ dim: number }>('Softmax', {
  inputs: ['logits'],
  output: true,
  gradient: (dy, [logits, y], { dim }) => ({
    logits: () => {
      const p = saved(y!, () => tf.softmax(logits!, dim));
      const weighted = tf.mul(dy, p);
      return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), p));
    },
  }),
});

const logSoftmax = rule<{ axis: number }>('LogSoftmax', {
  inputs: ['logits'],
  gradient: (dy, [logits], { axis }) => ({
    logits: () => tf.sub(dy, tf.mul(tf.sum(dy, axis, true), tf.softmax(logits!, axis))),
  }),
});

const float = (condition: Tensor): Tensor => tf.cast(condition, 'float32');

/** Activations of hidden units and of outputs. */
export const activationRules: readonly GradConfig[] = [
  unaryByOutput('Tanh', tf.tanh, (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  unaryByOutput('Sigmoid', tf.sigmoid, (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  unary('Softplus', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  unary('Relu', (dy, x) => tf.mul(dy, tf.step(x))),
  unary('Relu6', (dy, x) => tf.mul(dy, tf.mul(tf.step(x), float(tf.lessEqual(x, 6))))),
  elu,
  selu,
  leakyRelu,
  prelu,
  softmax,
  logSoftmax,
];
