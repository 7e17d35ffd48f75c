import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { estimateOf, type Estimate } from '../estimate.js';
import { anneal } from './anneal.js';
import type { AnnealingOptions } from './options.js';

/** Rows that a model made, each with the z that it was made from: an exact draw from its posterior. */
export interface Simulated {
  readonly batch: Batch;
  /** `[rows, Z]`. */
  readonly z: Tensor2D;
}

/** Draws rows from a model; the tensors are the caller's, but for the condition `[rows, C]`. */
export function simulate(
  model: Model,
  params: Primal,
  key: Key,
  rows: number,
  condition?: Tensor2D,
): Simulated {
  const { x, z } = tidy(() => {
    const drawn = model.priorOf(params).sample(fold(key, 'z'), rows);
    const mode = { training: false, key: fold(key, 'decoder') };
    const likelihood = model.decoder.likelihood(params.decoder, mode, drawn, condition);
    return { x: likelihood.sample(fold(key, 'x')), z: drawn };
  });
  return { batch: { x, ...(condition && { condition }) }, z };
}

/** Both bounds on log p(x) of simulated rows, in nats; the gap's mean is over rows. */
export interface BidirectionalLikelihood {
  /** Of each row, in expectation a lower bound. */
  readonly lower: Float64Array;
  /** Of each row, in expectation an upper bound. */
  readonly upper: Float64Array;
  /** Upper less lower: what annealing with these options misses at most, on the average. */
  readonly gap: Estimate;
  /** The mean probability with which chains moved, up and down. */
  readonly acceptance: number;
}

/**
 * Bounds log p(x) from both sides (bidirectional Monte Carlo, Grosse et al. 2015) on rows that the model made: chains
 * that start at exact draws from the posterior and are annealed backward weigh 1/p(x) without bias.
 *
 * The gap says how good `annealedLikelihood` with the same options is, as far as the data are like what the model makes.
 *
 * @throws ConfigError for counts that are none.
 */
export async function bidirectionalLikelihood(
  model: Model,
  params: Primal,
  { batch, z }: Simulated,
  options: AnnealingOptions,
): Promise<BidirectionalLikelihood> {
  const found = await anneal(model, params, batch, ['forward', 'backward'], options, z);
  const { forward = [], backward = [] } = found;
  const lower = Float64Array.from(forward, ({ logMean }) => logMean);
  const upper = Float64Array.from(backward, ({ logMean }) => -logMean);
  return {
    lower,
    upper,
    gap: estimateOf(upper.map((value, row) => value - lower[row]!)),
    acceptance: estimateOf([...forward, ...backward].map(({ acceptance }) => acceptance)).mean,
  };
}
