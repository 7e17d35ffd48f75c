import { randomUniform } from '@elbo/ops';
import {
  argMax,
  cast,
  log,
  logSoftmax,
  mul,
  neg,
  oneHot,
  onesLike,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { flattenBatch, repeatBatch } from '../shapes.js';
import { parametersFor } from './rows.js';
import type { Distribution } from './types.js';

/** Independent categorical distributions over one-hot vectors of C classes. */
export interface Categorical extends Distribution {
  /** Unnormalised log probabilities, `[B, …, C]`. */
  readonly logits: Tensor;
}

/**
 * Independent categorical distributions with unnormalised log probabilities `logits`, `[B, …, C]`: one for each row of
 * the last axis. Values are one-hot, `[B, …, C]`, of float32, so that they can go into a network as they are.
 *
 * Samples are the argmax of the logits plus Gumbel noise (Maddison et al. 2014) and carry no gradient.
 *
 * @throws ShapeError when a value does not fit.
 */
export function categorical(logits: Tensor): Categorical {
  const classes = logits.shape.at(-1)!;
  return {
    logits,
    sample: (key, samples = 1) => {
      const repeated = repeatBatch(logits, samples);
      // tfjs has no oneHot of one class.
      if (classes === 1) return onesLike(repeated);
      const minusGumbel = log(neg(log(randomUniform(key, repeated.shape))));
      const drawn = argMax(reshape(sub(repeated, minusGumbel), [-1, classes]), 1);
      // A float32 oneHot of the wasm backend holds the bits of integers.
      const values = cast(oneHot(drawn as Tensor1D, classes), 'float32');
      return reshape(values, repeated.shape);
    },
    logProb: (x) => {
      const logProbs = logSoftmax(parametersFor(x, logits, 'categorical.logProb'));
      return sum(flattenBatch(mul(x, logProbs)), 1);
    },
    mean: () => softmax(logits),
  };
}
