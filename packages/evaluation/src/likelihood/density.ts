import { CompositionError } from '@elbo/core';
import { scope } from '@elbo/gradients';
import type { Batch, ForwardPass, Model, Primal } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { add, dispose, keep, sub, tidy } from '@tensorflow/tfjs-core';
import { reportedAt, type ReportedElbo } from './reported.js';
import { addEnds, boundsByBlocks, emptyBounds, type RowBounds } from './row_bounds.js';

/** How `densityElbo` estimates. */
export interface DensityOptions {
  readonly key: Key;
  readonly draws: number;
  readonly reported?: ReportedElbo;
  readonly signal?: AbortSignal;
}

const rowsAtOnce = 1000;

/**
 * The ELBO of each row under a posterior of which the density is known: log p(x, z) − log q(z|x) at draws of it, whatever
 * estimates the divergence in the objective. From below and from above it is the same.
 */
export async function densityElbo(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, draws, reported, signal }: DensityOptions,
): Promise<RowBounds> {
  const walk = { rowsAtOnce, onProgress: undefined, reported: reported !== undefined };
  const { rows } = await boundsByBlocks(batch, walk, async (part, begin) => {
    const count = part.x.shape[0];
    const bounds = emptyBounds(count, reported !== undefined);
    const own = fold(key, begin);
    const again = (noise: Key): ForwardPass =>
      model.forward(params, part, { step: 0, key: noise, training: false });
    const forward = again(own);
    try {
      const { pass } = forward;
      const { posterior, prior } = scope(() => ({ posterior: pass.posterior, prior: pass.prior }));
      if (!('logProb' in posterior))
        throw new CompositionError('densityElbo: this posterior has no density.');
      for (let draw = 0; draw < draws; draw++) {
        signal?.throwIfAborted();
        const { z, found } = tidy(() => {
          const drawn = posterior.sample(fold(own, draw));
          const logJoint = add(pass.decode(drawn).logProb(pass.x), prior.logProb(drawn));
          return { z: keep(drawn), found: keep(sub(logJoint, posterior.logProb(drawn))) };
        });
        try {
          const values = await found.data();
          const elbos = reported && (await reportedAt(reported, again(fold(own, draw)), z));
          for (let row = 0; row < count; row++) {
            const ends = { lower: values[row]!, upper: values[row]! };
            addEnds(bounds, row, ends, 1 / draws, elbos?.[row]);
          }
        } finally {
          dispose([z, found]);
        }
      }
      return bounds;
    } finally {
      forward.dispose();
    }
  });
  return rows;
}
