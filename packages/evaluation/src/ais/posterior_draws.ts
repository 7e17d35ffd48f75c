import { ConfigError, ShapeError } from '@elbo/core';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { clone, type Tensor2D } from '@tensorflow/tfjs-core';
import { estimateOf } from '../estimate.js';
import { priorProposal } from '../proposals/prior.js';
import type { Points } from '../points.js';
import { chainsAt, moved } from './chains.js';
import { pathOf } from './path.js';
import { firstStepSizes, nextStepSizes } from './step_sizes.js';

/** How `posteriorDraws` samples. */
export interface PosteriorDrawsOptions {
  readonly key: Key;
  /** Chains for each row; 16 by default. */
  readonly chains?: number;
  /** Transitions before the first draw, in which step sizes are found; 200 by default. */
  readonly warmUp?: number;
  /** Draws of each chain, one after every transition; 500 by default. */
  readonly draws?: number;
  /** Leapfrog steps of a transition; 10 by default. */
  readonly leapfrogs?: number;
  /** Where chains start, chain-major `[C · B, Z]`, the caller's; at draws from the prior by default. */
  readonly start?: Tensor2D;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Aborts between transitions. */
  readonly signal?: AbortSignal;
}

/** Draws from the posteriors of rows. */
export interface PosteriorDraws {
  /** `[draws · C · B, Z]`: a draw of every chain, then the next of every one, each time chain-major. */
  readonly points: Points;
  /** The mean probability with which chains moved, after the warm-up. */
  readonly acceptance: number;
}

/**
 * Draws from p(z|x) by Hamiltonian Monte Carlo (Neal 2011), for a z that is continuous: the truth that an encoder's
 * posterior is compared with where no closed form is known. Steps are fixed after the warm-up, at an acceptance of about
 * .65. The draws of a chain depend on each other; chains do not: an error is best read from their means. A chain may stay
 * in the mode where it starts, so start chains in every mode that is known.
 *
 * Cost: for each row C · (warmUp + draws) · (L + 2) evaluations of the decoder, nearly all with their gradients in z.
 *
 * @throws ConfigError for counts that are none; ShapeError for a start that does not fit.
 */
export async function posteriorDraws(
  model: Model,
  params: Primal,
  batch: Batch,
  {
    key,
    chains = 16,
    warmUp = 200,
    draws = 500,
    leapfrogs = 10,
    ...options
  }: PosteriorDrawsOptions,
): Promise<PosteriorDraws> {
  expectCounts({ chains, warmUp, draws, leapfrogs });
  const { start, onProgress, signal } = options;
  const [rows, dim] = [batch.x.shape[0], model.prior.dim];
  const proposal = await priorProposal(model, params, batch, key);
  const path = pathOf(model, params, batch, { proposal, chains, key });
  try {
    if (start && (start.shape[0] !== path.count || start.shape[1] !== dim))
      throw new ShapeError(
        `posteriorDraws: ${chains} chains for ${rows} rows start at [${path.count}, ${dim}], not [${start.shape.join(', ')}].`,
      );
    let at = await chainsAt(path, start ? clone(start) : path.sample(fold(key, 'start')));
    let ofRows = firstStepSizes(rows);
    const values = new Float64Array(draws * path.count * dim);
    const accepted: number[] = [];
    for (let step = 0; step < warmUp + draws; step++) {
      signal?.throwIfAborted();
      const stepSizes = Array.from({ length: path.count }, (_, chain) => ofRows[chain % rows]!);
      const transition = { beta: 1, stepSizes, leapfrogs, key: fold(fold(key, 'walk'), step) };
      const { chains: after, probabilities } = await moved(path, at, transition);
      at = after;
      if (step < warmUp) ofRows = nextStepSizes(ofRows, probabilities);
      else {
        values.set(at.z, (step - warmUp) * at.z.length);
        accepted.push(estimateOf(probabilities).mean);
      }
      onProgress?.((step + 1) / (warmUp + draws));
    }
    return { points: { values, dim }, acceptance: estimateOf(accepted).mean };
  } finally {
    path.dispose();
    proposal.dispose();
  }
}

function expectCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts))
    if (!Number.isInteger(value) || value < 1)
      throw new ConfigError(
        `posteriorDraws: '${name}' must be a whole number from 1, not ${value}.`,
      );
}
