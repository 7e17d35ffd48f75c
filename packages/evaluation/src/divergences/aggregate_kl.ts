import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { dispose, keep, tidy } from '@tensorflow/tfjs-core';
import { pointsOf } from '../points.js';
import type { NeighbourEstimate } from './calibration.js';
import type { NeighbourOptions } from './entropy.js';
import { klToDensity } from './kl_to_density.js';

/** How `aggregateKl` estimates. */
export interface AggregateKlOptions extends NeighbourOptions {
  readonly key: Key;
  /** Draws of z for each row; 1 by default. */
  readonly draws?: number;
}

/**
 * KL(q(z) ‖ p(z)) in nats of the aggregated posterior q(z), the mean of q(z|x) over data, by nearest neighbours among
 * draws: for any encoder that can be sampled, in a handful of dimensions. Holes of q(z) where the prior has mass are what
 * makes samples of a model bad whose reconstructions are good. `information` finds it for explicit posteriors, in more
 * dimensions.
 *
 * @param batch Some thousand rows.
 * @throws CompositionError for a model without an encoder; DataError when draws coincide, as of a deterministic encoder
 * with several `draws`.
 */
export async function aggregateKl(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, draws = 1, ...options }: AggregateKlOptions,
): Promise<NeighbourEstimate> {
  const forward = model.forward(params, batch, { step: 0, key, training: false });
  const { z, logDensity } = (() => {
    try {
      return tidy(() => {
        const drawn = keep(forward.pass.posterior.sample(fold(key, 'draws'), draws));
        return { z: drawn, logDensity: keep(forward.pass.prior.logProb(drawn)) };
      });
    } finally {
      forward.dispose();
    }
  })();
  try {
    return klToDensity(await pointsOf(z), await logDensity.data<'float32'>(), options);
  } finally {
    dispose([z, logDensity]);
  }
}
