import { bceWithLogits, randomBernoulli } from '@elbo/ops';
import { neg, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import { repeatBatch } from '../shapes.js';
import { parametersFor } from './rows.js';
import type { Distribution } from './types.js';

/** Independent Bernoulli distributions, one for each element of `logits`. */
export interface Bernoulli extends Distribution {
  /** The log odds of 1, `[B, …]`. */
  readonly logits: Tensor;
}

/**
 * Independent Bernoulli distributions with log odds `logits`, `[B, …]`. Samples are 0 or 1 and carry no gradient.
 *
 * Of a value strictly between 0 and 1, `logProb` gives minus the cross-entropy: a usual loss for grey pixels, and no
 * log density.
 *
 * @throws ShapeError when a value does not fit.
 */
export function bernoulli(logits: Tensor): Bernoulli {
  return {
    logits,
    sample: (key, samples = 1) => {
      const probabilities = sigmoid(repeatBatch(logits, samples));
      return randomBernoulli(key, probabilities, probabilities.shape);
    },
    logProb: (x) => neg(bceWithLogits(parametersFor(x, logits, 'bernoulli.logProb'), x)),
    mean: () => sigmoid(logits),
  };
}
