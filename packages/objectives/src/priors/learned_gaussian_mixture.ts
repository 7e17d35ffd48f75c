import {
  expectGiven,
  categorical,
  defineKind,
  mixtureLogProb,
  normal,
  priorCategory,
  tensorAt,
  type Kind,
  type Prior,
} from '@elbo/core';
import { fold } from '@elbo/random';
import {
  add,
  exp,
  logSoftmax,
  matMul,
  mul,
  neg,
  reshape,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { expectComponents, initialComponents } from './components.js';
import { learnedPrior, type LearnedPrior } from './learned_prior.js';

/** A mixture of normals to be learned. */
export interface LearnedGaussianMixtureOptions {
  /** The dimension of z. */
  readonly dim: number;
  /** C, how many normals. */
  readonly components: number;
  /** The standard deviation of the means at the start; 1 by default. */
  readonly spread?: number;
}

/**
 * The prior Σ w_c N(m_c, diag(exp(logVar_c))) with learned weights (`logits` `[C]`), `means` and `logVars` `[C, Z]`. It
 * starts with equal weights and unit variances, the means drawn from a normal.
 *
 * @throws ConfigError unless `dim` and `components` are whole numbers from 1 and `spread` is not negative.
 */
export function learnedGaussianMixture(options: LearnedGaussianMixtureOptions): LearnedPrior {
  expectGiven('learnedGaussianMixture', options, 'dim', 'components');
  const { dim, components, spread = 1 } = options;
  expectComponents('learnedGaussianMixture', { dim, components }, spread);
  const config = { kind: 'learned-gaussian-mixture', dim, components, spread };
  return learnedPrior({
    config,
    dim,
    needs: [],
    init: (key) => initialComponents(key, [components, dim], spread),
    bind: (params) =>
      mixture(
        config,
        tensorAt(params, 'logits'),
        tensorAt(params, 'means'),
        tensorAt(params, 'logVars'),
      ),
  });
}

/** The mixture of these tensors; differentiable in them, but for the choice of components. */
function mixture(
  config: Prior['config'],
  logits: Tensor1D,
  means: Tensor2D,
  logVars: Tensor2D,
): Prior {
  const dim = means.shape[1];
  const normalisers = mul(sum(add(logVars, Math.log(2 * Math.PI)), 1), 0.5);
  const components = {
    offsets: sub<Tensor1D>(logSoftmax(logits), normalisers),
    means,
    precisions: exp(neg(logVars)),
  };
  const prior = {
    config,
    dim,
    components,
    sample: (key, n) => {
      const chosen = categorical(reshape(logits, [1, -1])).sample(fold(key, 'component'), n);
      const of = (each: Tensor2D): Tensor2D => matMul(chosen, each);
      return normal(of(means), of(logVars)).sample(fold(key, 'noise'));
    },
    logProb: (z) => mixtureLogProb(z, components),
  } satisfies Prior & { readonly components: object };
  return prior;
}

/** The kind of `learnedGaussianMixture`. */
export const learnedGaussianMixtureKind: Kind<Prior> = defineKind(
  'learned-gaussian-mixture',
  priorCategory,
  { dim: v.number(), components: v.number(), spread: v.optional(v.number(), 1) },
  learnedGaussianMixture,
);
