import type { Key } from '@elbo/random';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A batch of distributions that can only be sampled: no density is known. */
export interface Implicit {
  /** One draw from each, `[B, …]`; `samples` of them, `[samples · B, …]`, sample-major. */
  sample(key: Key, samples?: number): Tensor;
}

/** The distributions that `sampler` draws from; it makes `[samples · B, …]`, sample-major, and a key gives equal draws. */
export function implicit(sampler: (key: Key, samples: number) => Tensor): Implicit {
  return { sample: (key, samples = 1) => sampler(key, samples) };
}
