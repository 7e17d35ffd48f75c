import { scope } from '@elbo/gradients';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { add, div, exp, mean, mul, square, sub, type Tensor2D } from '@tensorflow/tfjs-core';

/** Pairs of passes. */
const pairs = 20;

/**
 * By how many nats a discriminator that tells a posterior from the normal that this names misses their divergence, for the
 * normal is estimated by noise, anew in every pass, as no discriminator sees; 0 where it is not.
 *
 * Of S draws in Z dimensions it is Z / S: the mutual information of z, standardised by such moments, and their noise. Two
 * such normals diverge from each other by twice as much, whatever the posterior is.
 */
export async function contrastNoise(
  model: Model,
  primal: Primal,
  batch: Batch,
  key: Key,
): Promise<number> {
  if (!model.encoder?.offers.includes('moments')) return 0;
  let sum = 0;
  for (let i = 0; i < pairs; i++) {
    const found = scope(() => {
      const [one, other] = ['one', 'other'].map((name) =>
        momentsAt(model, primal, batch, fold(fold(key, name), i)),
      );
      const apart = sub(one!.logVar, other!.logVar);
      const away = div(square(sub(one!.mean, other!.mean)), exp(other!.logVar));
      // KL of the one from the other, summed over dimensions.
      const divergence = mul(0.5, sub(sub(add(exp(apart), away), 1), apart));
      return mul(mean(divergence), model.prior.dim);
    });
    sum += (await found.data())[0]!;
    found.dispose();
  }
  return Math.max(0, sum / pairs / 2);
}

/** The mean and log-variance that a posterior names in one pass. */
function momentsAt(
  model: Model,
  primal: Primal,
  batch: Batch,
  key: Key,
): { readonly mean: Tensor2D; readonly logVar: Tensor2D } {
  const forward = model.forward(primal, batch, { step: 0, key, training: false });
  const { posterior } = forward.pass;
  const both = { mean: posterior.mean.clone(), logVar: posterior.logVar.clone() };
  forward.dispose();
  return both;
}
