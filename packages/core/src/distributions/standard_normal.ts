import { randomNormal, standardNormalLogProb } from '@elbo/ops';
import { expectDimension } from './expect_dimension.js';
import type { Prior } from './types.js';

/**
 * The prior N(0, I) over z of dimension `dim`.
 *
 * @throws ConfigError unless `dim` is a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { standardNormal } from '@elbo/core';
 * import { key } from '@elbo/random';
 * import { zeros } from '@tensorflow/tfjs-core';
 *
 * await selectBackend({ backend: 'cpu' });
 * const prior = standardNormal(2);
 * console.log(prior.sample(key(7), 100).shape); // [ 100, 2 ]
 * const [atZero] = await prior.logProb(zeros([1, 2])).data();
 * console.log(atZero!.toFixed(4), (-Math.log(2 * Math.PI)).toFixed(4)); // -1.8379 -1.8379
 * ```
 */
export function standardNormal(dim: number): Prior {
  expectDimension(dim, 'standardNormal');
  return {
    config: { kind: 'standard-normal', dim },
    dim,
    sample: (key, n) => randomNormal(key, [n, dim]),
    logProb: (z) => standardNormalLogProb(z),
  };
}

/** Whether a prior is N(0, I): what divergences in closed form are known from. */
export function isStandardNormal({ config }: Prior): boolean {
  return config.kind === 'standard-normal';
}
