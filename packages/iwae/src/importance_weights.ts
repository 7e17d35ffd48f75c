import { repeatBatch } from '@elbo/core';
import { logSumExp } from '@elbo/ops';
import type { LogProb, Pass } from '@elbo/objectives';
import type { Key } from '@elbo/random';
import { add, reshape, sub, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';

/** Some of the K draws from q(z|x). */
export interface Draws {
  readonly key: Key;
  readonly count: number;
}

/** How gradients flow through the weights of some draws; their values are the same whatever it is. */
export interface Flow {
  /** q(z|x), whose density a weight has: the posterior, or the same with no gradient to its parameters. */
  readonly density: LogProb;
  /** The draws that the weights are computed from, `[count · B, Z]`, from those that were made. */
  readonly through?: (z: Tensor2D) => Tensor2D;
}

/** log p(x, z) − log q(z|x) in nats, `[count, B]`, of draws z from q(z|x) (Burda et al. 2015, eq. 8). */
export function logWeights(
  pass: Pass<'posterior' | 'logProb'>,
  { key, count }: Draws,
  { density, through = (z) => z }: Flow,
): Tensor2D {
  const z = through(pass.posterior.sample(key, count));
  const likelihood = pass.decode(z).logProb(repeatBatch(pass.x, count));
  const weights = sub(add(likelihood, pass.prior.logProb(z)), density.logProb(z));
  return reshape(weights, [count, -1]);
}

/** log 1/K Σ w of each row `[B]`, from log w `[K, B]`. */
export function logMean(logWeights: Tensor2D): Tensor1D {
  return sub(logSumExp(logWeights, 0), Math.log(logWeights.shape[0]));
}
