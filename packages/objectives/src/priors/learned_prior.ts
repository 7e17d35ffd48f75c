import { CompositionError, type Params, type Prior, type Shape } from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Ability, Sampled } from '../pass/posterior.js';

/**
 * A prior with parameters, which are trained with the model's: `prior` among the primal player's. Without them it has no
 * density and cannot be sampled; a pass's `prior`, and a model's `priorOf(params)`, is the prior that they make.
 */
export interface LearnedPrior extends Prior {
  /** What it asks of the model's posteriors. */
  readonly needs: readonly Ability[];
  /**
   * Parameters for a model of data of shape `x`, and a condition of shape `condition`.
   *
   * @throws CompositionError when it does not go with such data.
   */
  init(key: Key, x: Shape, condition?: Shape): Params;
  /**
   * The prior that the parameters make, which holds its tensors as own enumerable properties.
   *
   * @param posterior the model's q(z|x), for a prior that is made of it.
   */
  bind(params: Params, posterior: (x: Tensor) => Sampled): Prior;
}

/** Defines a learned prior. */
export function learnedPrior(definition: Omit<LearnedPrior, 'sample' | 'logProb'>): LearnedPrior {
  const unbound = (): never => {
    throw new CompositionError(
      `The prior '${definition.config.kind}' is learned: read it from a pass, or from model.priorOf(params).`,
    );
  };
  return { ...definition, sample: unbound, logProb: unbound };
}

/** Whether a prior has parameters. */
export function isLearned(prior: Prior): prior is LearnedPrior {
  return 'bind' in prior;
}
