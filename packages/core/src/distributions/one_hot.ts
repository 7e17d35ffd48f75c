import { categorical } from '@elbo/random';
import {
  all,
  cast,
  equal,
  fill,
  logicalAnd,
  logicalOr,
  mul,
  oneHot,
  sum,
  tensor1d,
  where,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { ConfigError } from '../errors.js';
import { expectGiven } from '../expect_given.js';
import type { Prior } from './types.js';

/**
 * The prior over the C one-hot vectors that are class c with a probability in proportion to `weights[c]`. Its log
 * probability is that of the class, and −∞ of any z that is not one-hot, such as a softmax.
 *
 * @throws ConfigError unless the weights are positive, finite and at least two.
 */
export function oneHotPrior(weights: readonly number[]): Prior {
  expectGiven('oneHotPrior', { weights }, 'weights');
  const given: unknown = weights;
  if (
    !Array.isArray(given) ||
    weights.length < 2 ||
    !weights.every((weight) => weight > 0 && Number.isFinite(weight))
  )
    throw new ConfigError(
      `oneHotPrior: expected two or more positive weights, got [${String(given)}].`,
    );
  const total = weights.reduce((a, b) => a + b);
  const logWeights = weights.map((weight) => Math.log(weight / total));
  return {
    config: { kind: 'one-hot', weights },
    dim: weights.length,
    sample: (key, n) => {
      const classes = Int32Array.from(categorical(key, logWeights, n));
      // A float32 oneHot of the wasm backend holds the bits of integers.
      return cast(oneHot(classes, weights.length), 'float32') as Tensor2D;
    },
    logProb: (z) => {
      const bits = all(logicalOr(equal(z, 0), equal(z, 1)), 1);
      const inside = logicalAnd(bits, equal(sum(z, 1), 1));
      return where(inside, sum(mul(z, tensor1d(logWeights)), 1), fill([z.shape[0]], -Infinity));
    },
  };
}
