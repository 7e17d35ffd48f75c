import type { Moments } from '@elbo/objectives';
import {
  add,
  log,
  mean,
  mul,
  square,
  squeeze,
  sub,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * Gives a posterior a `mean` and a `logVar` that are computed when first read, and once.
 *
 * They are not enumerable, unlike every other tensor that a value holds: what protects a value's tensors from a scope
 * walks its enumerable properties, and would compute them for every pass that never asks. So when a scope inside the
 * pass has freed them, they are computed again; `make` draws from its own key, so they come out the same.
 */
export function withMoments<T extends object>(posterior: T, make: () => Moments): T & Moments {
  let made: Moments | undefined;
  const moments = (): Moments => {
    if (!made || made.mean.isDisposed || made.logVar.isDisposed) made = make();
    return made;
  };
  return Object.defineProperties(posterior, {
    mean: { get: () => moments().mean },
    logVar: { get: () => moments().logVar },
  }) as T & Moments;
}

/** Keeps log σ² finite where every draw is the same: σ ≥ 1e-4. */
const varianceFloor = 1e-8;

/** log(variance + 1e-8). */
export function logVariance(variance: Tensor2D): Tensor2D {
  return log(add(variance, varianceFloor));
}

/** Mean and unbiased variance over the axis of the draws, the first or another. */
export function sampleMoments(
  draws: Tensor,
  axis = 0,
): {
  readonly mean: Tensor2D;
  readonly variance: Tensor2D;
} {
  const samples = draws.shape[axis]!;
  const centre = mean(draws, axis, true);
  const squares: Tensor2D = mean(square(sub(draws, centre)), axis);
  return { mean: squeeze(centre, [axis]), variance: mul(squares, samples / (samples - 1)) };
}
