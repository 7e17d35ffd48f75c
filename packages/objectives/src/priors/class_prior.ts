import {
  expectGiven,
  categorical,
  defineKind,
  normal,
  priorCategory,
  tensorAt,
  type Kind,
  type Prior,
} from '@elbo/core';
import { fold } from '@elbo/random';
import {
  add,
  concat,
  matMul,
  reshape,
  split,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { learnedPrior, type LearnedPrior } from './learned_prior.js';
import { expectComponents, initialComponents } from './components.js';

/** A prior of a class and of what goes with it. */
export interface ClassPriorOptions {
  /** C, the classes of y. */
  readonly classes: number;
  /** The dimension of s. */
  readonly continuous: number;
  /** The standard deviation of the classes' means at the start; 1 by default. */
  readonly spread?: number;
}

/**
 * The prior of z = [y, s], y one of C classes, one-hot, with learned probabilities, and s|y ~ N(m_y, diag(exp(logVar_y))):
 * a learned mixture of normals that shows its components. Its density is with respect to counting classes, for one-hot y.
 *
 * @throws ConfigError unless `classes` and `continuous` are whole numbers from 1 and `spread` is not negative.
 */
export function classPrior(options: ClassPriorOptions): LearnedPrior {
  expectGiven('classPrior', options, 'classes', 'continuous');
  const { classes, continuous, spread = 1 } = options;
  expectComponents('classPrior', { classes, continuous }, spread);
  const config = { kind: 'classes', classes, continuous, spread };
  const dim = classes + continuous;
  return learnedPrior({
    config,
    dim,
    needs: [],
    init: (key) => initialComponents(key, [classes, continuous], spread),
    bind: (params): Prior => {
      const logits: Tensor2D = reshape(tensorAt(params, 'logits'), [1, -1]);
      const means: Tensor2D = tensorAt(params, 'means');
      const logVars: Tensor2D = tensorAt(params, 'logVars');
      const given = (y: Tensor2D): ReturnType<typeof normal<Tensor2D>> =>
        normal(matMul(y, means), matMul(y, logVars));
      return Object.assign(
        {
          config,
          dim,
          sample: (key, n) => {
            const y = categorical(logits).sample(fold(key, 'class'), n) as Tensor2D;
            return concat([y, given(y).sample(fold(key, 'noise'))], 1);
          },
          logProb: (z) => {
            const [y, s] = split<Tensor>(z, [classes, continuous], 1) as [Tensor2D, Tensor2D];
            return add<Tensor1D>(categorical(logits).logProb(y), given(y).logProb(s));
          },
        } satisfies Prior,
        { logits },
      );
    },
  });
}

/** The kind of `classPrior`. */
export const classPriorKind: Kind<Prior> = defineKind(
  'classes',
  priorCategory,
  { classes: v.number(), continuous: v.number(), spread: v.optional(v.number(), 1) },
  classPrior,
);
