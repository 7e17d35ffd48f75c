import { type Batch, type Model, type Primal } from '@elbo/objectives';
import type { Likelihood } from './likelihood.js';
import { logLikelihood, usualSamples, type LikelihoodOptions } from './log_likelihood.js';
import { estimateOf, median, samplingError, type Estimate } from '../estimate.js';

/** log p(x) of rows, and their mean, in nats. `mean` and `error` are over rows. */
export interface ImportanceEstimate extends Likelihood, Estimate {
  /** The median over rows of the effective number of samples. */
  readonly medianEffectiveSampleSize: number;
  /** The standard error of `mean` by the samples alone, for these rows: `samplingError`. */
  readonly samplingError: number;
  /**
   * How far the mean is expected to fall short of log p(x): the mean of ½ (1/ESS − 1/S), by the delta method; blind to what the
   * proposal never reaches. Undefined where a row has fewer than 100 effective samples: there the delta method says nothing.
   */
  readonly bias: number | undefined;
  /** How many rows have fewer than 100 effective samples. */
  readonly poorRows: number;
}

/** With fewer effective samples of a row the delta method says nothing of a bias. */
export const leastEffective = 100;

/**
 * The mean log p(x) of rows by importance sampling: `logLikelihood`, with figures that say how far it is
 * to be trusted.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { estimateLikelihood } from '@elbo/evaluation';
 * import { bernoulliDecoder, gaussianEncoder, key, mlp, standardNormal, vae } from '@elbo/vae';
 * import { eye } from '@tensorflow/tfjs-core';
 *
 * await selectBackend({ backend: 'cpu' });
 * const network = mlp({ hidden: [8] });
 * const model = vae({
 *   prior: standardNormal(2),
 *   encoder: gaussianEncoder({ network, latent: 2 }),
 *   decoder: bernoulliDecoder({ network, shape: [4] }),
 * });
 * const { primal } = model.init(key(7), [4]);
 * const options = { key: key(8), samples: 100 };
 * const { mean } = await estimateLikelihood(model, primal, { x: eye(4) }, options);
 * console.log(mean < -Math.log(4)); // true
 * ```
 */
export async function estimateLikelihood(
  model: Model,
  params: Primal,
  batch: Batch,
  options: LikelihoodOptions,
): Promise<ImportanceEstimate> {
  const { samples = usualSamples } = options;
  const found = await logLikelihood(model, params, batch, { ...options, samples });
  const { effectiveSampleSize } = found;
  const poorRows = effectiveSampleSize.filter((size) => !(size >= leastEffective)).length;
  return {
    ...found,
    ...estimateOf(found.logLikelihood),
    samplingError: samplingError(effectiveSampleSize, samples),
    medianEffectiveSampleSize: median(effectiveSampleSize),
    poorRows,
    bias:
      poorRows > 0
        ? undefined
        : estimateOf(effectiveSampleSize.map((size) => 0.5 * (1 / size - 1 / samples))).mean,
  };
}
