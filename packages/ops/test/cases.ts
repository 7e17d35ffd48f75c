import { normal, uniform, fold, key } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import * as ops from '../src/index.js';
import * as formulas from './formulas.js';
import type { Reference } from './numbers.js';

/** An operation, inputs for it, and what it is in double precision. */
export interface Case {
  readonly name: string;
  readonly kernelName: string;
  readonly shapes: readonly (readonly number[])[];
  readonly inputs: readonly (readonly number[])[];
  readonly reference: Reference;
  readonly call: (...inputs: readonly tf.Tensor[]) => tf.Tensor;
}

const B = 3;

function draw(shapes: readonly (readonly number[])[], name: string, unit = false): number[][] {
  return shapes.map((shape, i) => {
    const stream = fold(fold(key(5), name), i);
    return Array.from((unit ? uniform : normal)(stream, tf.util.sizeFromShape([...shape])));
  });
}

function make(
  name: string,
  kernelName: string,
  shapes: readonly (readonly number[])[],
  reference: Reference,
  call: Case['call'],
  inputs: readonly (readonly number[])[] = draw(shapes, name),
): Case {
  return { name, kernelName, shapes, inputs, reference, call };
}

export const activationNames: readonly ops.Activation[] = [
  'linear',
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'tanh',
  'sigmoid',
  'softplus',
];

const image = [B, 2, 2, 1];

/** Every operation that has a gradient. No input lies where a derivative jumps. */
export const cases: readonly Case[] = [
  ...activationNames.map((activation) =>
    make(
      `dense ${activation}`,
      ops.denseKernel,
      [[B, 4], [4, 2], [2]],
      formulas.denseFormula(B, activation),
      (x, kernel, bias) => ops.dense(x, kernel as tf.Tensor2D, bias as tf.Tensor1D, activation),
    ),
  ),
  make(
    'bceWithLogits',
    ops.bceWithLogitsKernel,
    [image, image],
    formulas.bceFormula(B),
    (logits, targets) => ops.bceWithLogits(logits, targets),
    [...draw([image], 'logits'), ...draw([image], 'targets', true)],
  ),
  make(
    'normalLogProb',
    ops.normalLogProbKernel,
    [image, image, image],
    formulas.normalLogProbFormula(B),
    (x, mean, logVar) => ops.normalLogProb(x, mean, logVar),
  ),
  make(
    'gaussianKl',
    ops.gaussianKlKernel,
    [
      [B, 4],
      [B, 4],
    ],
    formulas.gaussianKlFormula(B),
    (mean, logVar) => ops.gaussianKl(mean, logVar),
  ),
  make(
    'standardNormalLogProb',
    ops.standardNormalLogProbKernel,
    [[B, 4]],
    formulas.standardNormalFormula(B),
    (z) => ops.standardNormalLogProb(z),
  ),
  make(
    'reparameterize',
    ops.reparameterizeKernel,
    [
      [B, 4],
      [B, 4],
      [B, 4],
    ],
    formulas.reparameterizeFormula,
    (mean, logVar, noise) => ops.reparameterize(mean, logVar, noise),
  ),
  make(
    'layerNorm',
    ops.layerNormKernel,
    [[B, 2, 4], [4], [4]],
    formulas.layerNormFormula(2 * B, 1e-3),
    (x, gain, bias) => ops.layerNorm(x, gain as tf.Tensor1D, bias as tf.Tensor1D, 1e-3),
  ),
  make('logSumExp', ops.logSumExpKernel, [[B, 4]], formulas.logSumExpFormula(B), (x) =>
    ops.logSumExp(x),
  ),
  make(
    'softBound',
    ops.softBoundKernel,
    [[B, 4]],
    formulas.softBoundFormula(0.5),
    (x) => ops.softBound(x, 0.5),
    [[0.2, -0.3, 0.49, 0, 0.6, -0.7, 1, -4, 30, -1e3, 0.1, -0.45]],
  ),
  make('squaredNorm', ops.squaredNormKernel, [[B, 4]], formulas.squaredNormFormula, (x) =>
    ops.squaredNorm([x]),
  ),
];
