import type { Batch, Model, Primal } from '@elbo/objectives';
import type { Likelihood } from '../likelihood/likelihood.js';
import { LogSum } from '../likelihood/log_sum.js';
import { fittedDraws, type FittedOptions } from './fitted_draws.js';
import { logWeightsOf } from './weighing.js';

/** log p(x) of each row: the log of the mean weight of `fittedDraws`. */
export async function fittedLikelihood(
  model: Model,
  params: Primal,
  batch: Batch,
  options: FittedOptions,
): Promise<Likelihood> {
  const sums = Array.from({ length: batch.x.shape[0] }, () => new LogSum());
  await fittedDraws(model, params, batch, options, (row, draws) => {
    for (const value of logWeightsOf(draws)) sums[row]!.add(value);
  });
  return {
    logLikelihood: Float64Array.from(sums, (sum) => sum.logMean(options.samples)),
    effectiveSampleSize: Float64Array.from(sums, (sum) => sum.effectiveSize()),
  };
}
