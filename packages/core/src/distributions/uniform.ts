import { randomUniform } from '@elbo/ops';
import {
  add,
  all,
  fill,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  where,
} from '@tensorflow/tfjs-core';
import { ConfigError } from '../errors.js';
import { expectGiven } from '../expect_given.js';
import { expectDimension } from './expect_dimension.js';
import type { Prior } from './types.js';

/** Where a uniform prior lies. */
export interface UniformOptions {
  readonly dim: number;
  /** The least value of a coordinate. */
  readonly low?: number;
  /** The greatest value of a coordinate. */
  readonly high?: number;
}

/**
 * The uniform prior on the cube [low, high]^dim. Its log density is −∞ outside, and carries no gradient: that is zero
 * wherever it exists.
 *
 * @throws ConfigError unless low < high.
 */
export function uniform(options: UniformOptions): Prior {
  expectGiven('uniform', options, 'dim');
  const { dim, low = -1, high = 1 } = options;
  expectDimension(dim, 'uniform');
  if (!(low < high && Number.isFinite(high - low)))
    throw new ConfigError(
      `uniform: 'low' (${low}) must be below 'high' (${high}), and both finite.`,
    );
  return {
    config: { kind: 'uniform', dim, low, high },
    dim,
    sample: (key, n) => add(mul(randomUniform(key, [n, dim]), high - low), low),
    logProb: (z) => {
      const inside = all(logicalAnd(greaterEqual(z, low), lessEqual(z, high)), 1);
      const rows: [number] = [z.shape[0]];
      return where(inside, fill(rows, -dim * Math.log(high - low)), fill(rows, -Infinity));
    },
  };
}
