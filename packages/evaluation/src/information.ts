import { CompositionError, macrotask } from '@elbo/core';
import { scope } from '@elbo/gradients';
import type { Batch, LogProb, Model, Primal, Sampled } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import {
  expandDims,
  keep,
  reshape,
  slice,
  sub,
  tidy,
  tile,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { expectEnough } from './estimable.js';
import { estimateOf, type Estimate } from './estimate.js';
import { LogSum } from './likelihood/log_sum.js';

/** How `information` estimates. */
export interface InformationOptions {
  readonly key: Key;
  /** How many densities q(z|x) are evaluated at once: bounds the memory. 20,000 by default. */
  readonly chunk?: number;
}

/** How much z says of x, in nats; the means and errors are over rows, with one draw of z for each. */
export interface Information {
  /** E KL(q(z|x) ‖ p(z)), the divergence of the ELBO, estimated at the draws: I(x; z) + KL(q(z) ‖ p(z)). */
  readonly kl: Estimate;
  /** I(x; z) from below, and at most log N: with a row's own posterior among the N of the mixture. */
  readonly lower: Estimate;
  /** I(x; z) from above: without it. */
  readonly upper: Estimate;
  /** KL(q(z) ‖ p(z)) of the aggregated posterior: `kl` less the bounds, from below and from above. */
  readonly marginal: { readonly lower: Estimate; readonly upper: Estimate };
}

/**
 * I(x; z) of an explicit posterior under q(z|x) and the data, from both sides, by the mixture of N rows' posteriors in
 * place of q(z) (Poole et al. 2019, eqs. 12 and 13; Hoffman & Johnson 2016 for what the ELBO's divergence is made of):
 * the mean of log q(zᵢ|xᵢ) − log 1/N Σⱼ q(zᵢ|xⱼ), with j = i or without. Of the rows themselves, as if they were all the
 * data, `lower` is exact but for the draws.
 *
 * Time grows as N²: some hundred rows. Where posteriors do not overlap the bounds are far apart, log N below.
 *
 * @throws CompositionError for a posterior without a density; DataError for a single row.
 */
export async function information(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, chunk = 20_000 }: InformationOptions,
): Promise<Information> {
  if (!model.encoder?.offers.includes('logProb'))
    throw new CompositionError(
      'information: needs a posterior with a density; of any that can be sampled `aggregateKl` finds KL(q(z) ‖ p(z)).',
    );
  const rows = batch.x.shape[0];
  expectEnough('information', rows, 2);
  const forward = model.forward(params, batch, { step: 0, key, training: false });
  try {
    const { z, posterior, own } = scope(() => {
      const made: Sampled & LogProb = forward.pass.posterior;
      const drawn = keep(made.sample(fold(key, 'draws')));
      const gain = keep(sub(made.logProb(drawn), forward.pass.prior.logProb(drawn)));
      return { z: drawn, posterior: made, own: gain };
    });
    try {
      const logs = await allDensities(posterior, z, Math.max(1, Math.floor(chunk / rows)));
      const kl = Array.from(await own.data<'float32'>());
      const lower = new Float64Array(rows);
      const upper = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        const ofRow = logs.subarray(i * rows, (i + 1) * rows);
        lower[i] = ofRow[i]! - logMean(ofRow);
        upper[i] = ofRow[i]! - logMean(ofRow.filter((_, j) => j !== i));
      }
      return {
        kl: estimateOf(kl),
        lower: estimateOf(lower),
        upper: estimateOf(upper),
        marginal: {
          lower: estimateOf(kl.map((value, i) => value - upper[i]!)),
          upper: estimateOf(kl.map((value, i) => value - lower[i]!)),
        },
      };
    } finally {
      z.dispose();
      own.dispose();
    }
  } finally {
    forward.dispose();
  }
}

/** log q(zᵢ|xⱼ), `[N, N]`. */
async function allDensities(
  posterior: LogProb,
  z: Tensor2D,
  atOnce: number,
): Promise<Float32Array> {
  const [rows, dim] = z.shape;
  const logs = new Float32Array(rows * rows);
  for (let begin = 0; begin < rows; begin += atOnce) {
    const count = Math.min(atOnce, rows - begin);
    const part = tidy(() => {
      // Sample-major: each of these z once for every row's posterior.
      const some = expandDims(slice(z, [begin, 0], [count, dim]), 1);
      return posterior.logProb(reshape(tile(some, [1, rows, 1]), [count * rows, dim]));
    });
    await macrotask();
    logs.set(await part.data<'float32'>(), begin * rows);
    part.dispose();
  }
  return logs;
}

function logMean(logs: Float32Array): number {
  const sum = new LogSum();
  for (const value of logs) sum.add(value);
  return sum.logMean(logs.length);
}
