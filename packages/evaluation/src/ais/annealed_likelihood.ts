import type { Batch, Model, Primal } from '@elbo/objectives';
import { estimateOf, samplingError, type Estimate } from '../estimate.js';
import { anneal } from './anneal.js';
import type { AnnealingOptions } from './options.js';

/** log p(x) of rows, and their mean, in nats. `mean` and `error` are over rows. */
export interface AnnealedLikelihood extends Estimate {
  /** Of each row, log of the mean weight of its chains: in expectation a lower bound on log p(x). */
  readonly logLikelihood: Float64Array;
  /** Of each row, the effective number of its chains: with less than two it hangs on one. */
  readonly effectiveChains: Float64Array;
  /** The standard error of `mean` by the chains alone, for these rows: `samplingError`. */
  readonly samplingError: number;
  /** Of each row, the mean probability with which its chains moved; about .65 is best. */
  readonly acceptance: Float64Array;
}

/**
 * log p(x) of each row by annealed importance sampling (Neal 2001) with Hamiltonian Monte Carlo, as in Wu et al. 2017:
 * chains start at draws from r(z|x), the prior by default, and move towards the posterior along r^(1−β) p(x, z)^β; their
 * weight is unbiased for p(x). It needs gradients of log p(x|z) in z, and so a z that is continuous, but nothing of the
 * encoder: the estimate owes nothing to what is to be judged.
 *
 * Cost: for each row about (C + 2) · T · (L + 2) evaluations of the decoder, nearly all with their gradients in z.
 *
 * @throws ConfigError for counts that are none.
 */
export async function annealedLikelihood(
  model: Model,
  params: Primal,
  batch: Batch,
  options: AnnealingOptions,
): Promise<AnnealedLikelihood> {
  const { chains = 16 } = options;
  const { forward = [] } = await anneal(model, params, batch, ['forward'], {
    ...options,
    chains,
  });
  const logLikelihood = Float64Array.from(forward, ({ logMean }) => logMean);
  const effectiveChains = Float64Array.from(forward, (row) => row.effectiveChains);
  return {
    ...estimateOf(logLikelihood),
    logLikelihood,
    effectiveChains,
    samplingError: samplingError(effectiveChains, chains),
    acceptance: Float64Array.from(forward, ({ acceptance }) => acceptance),
  };
}
