import { randomNormal, standardNormalLogProb } from '@elbo/ops';
import { expectDimension } from './expect_dimension.js';
import type { Prior } from './types.js';

/**
 * The prior N(0, I) over z of dimension `dim`.
 *
 * @throws ConfigError unless `dim` is a whole number of at least 1.
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
