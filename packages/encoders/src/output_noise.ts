import { ConfigError } from '@elbo/core';
import { randomNormal } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import { add, mul, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Adds normal noise of standard deviation δ to draws of z: it keeps an implicit posterior a density.
 *
 * @throws ConfigError that names `where` unless δ is 0 or more.
 */
export function outputNoiseOf(where: string, delta: number): (z: Tensor2D, key: Key) => Tensor2D {
  if (!(delta >= 0))
    throw new ConfigError(`${where}: 'outputNoise' must be 0 or more, not ${delta}.`);
  if (delta === 0) return (z) => z;
  return (z, key) => add(z, mul(randomNormal<Rank.R2>(fold(key, 'output'), z.shape), delta));
}
