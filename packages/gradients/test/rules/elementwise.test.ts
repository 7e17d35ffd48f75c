import * as tf from '@tensorflow/tfjs-core';
import { checkOnBackends, one, two, type Case } from '../cases.js';

const elementwise: Record<string, Case> = {
  neg: one(tf.neg),
  abs: one(tf.abs),
  square: one(tf.square),
  sqrt: one(tf.sqrt, 'positive'),
  rsqrt: one(tf.rsqrt, 'positive'),
  reciprocal: one(tf.reciprocal, 'positive'),
  exp: one(tf.exp),
  expm1: one(tf.expm1),
  log: one(tf.log, 'positive'),
  log1p: one(tf.log1p, 'positive'),
  erf: one(tf.erf),
  sin: one(tf.sin),
  cos: one(tf.cos),
  tan: one(tf.tan, 'inner'),
  sinh: one(tf.sinh),
  cosh: one(tf.cosh),
  asin: one(tf.asin, 'inner'),
  acos: one(tf.acos, 'inner'),
  atan: one(tf.atan),
  asinh: one(tf.asinh),
  acosh: one((x) => tf.acosh(tf.add(x, 1)), 'positive'),
  atanh: one(tf.atanh, 'inner'),
  clipByValue: one((x) => tf.square(tf.clipByValue(x, -0.08, 0.08))),
};

const activations: Record<string, Case> = {
  tanh: one(tf.tanh),
  sigmoid: one(tf.sigmoid),
  softplus: one(tf.softplus),
  relu: one((x) => tf.square(tf.relu(x))),
  relu6: one((x) => tf.square(tf.relu6(x))),
  elu: one(tf.elu),
  selu: one(tf.selu),
  leakyRelu: one((x) => tf.square(tf.leakyRelu(x, 0.3))),
  prelu: two((x, alpha) => tf.square(tf.prelu(x, alpha)), [4, 3], [3]),
  softmax: one((x) => tf.softmax(x)),
  logSoftmax: one((x) => tf.logSoftmax(x)),
  'logSoftmax of an intermediate': one((x) => tf.logSoftmax(tf.sin(x))),
  logSigmoid: one(tf.logSigmoid),
  'logSigmoid of an intermediate': one((x) => tf.logSigmoid(tf.sin(x))),
  logSumExp: one((x) => tf.logSumExp(x, 1), 'distinct'),
  softmaxCrossEntropy: two(
    (logits, labels) => tf.losses.softmaxCrossEntropy(labels, logits),
    [4, 3],
    [4, 3],
  ),
};

checkOnBackends({ ...elementwise, ...activations });
