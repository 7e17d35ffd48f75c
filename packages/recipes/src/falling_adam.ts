import { cosine } from '@elbo/core';
import { adam, chain, clipByGlobalNorm, type Optimiser } from '@elbo/optimisers';

/** How a rate falls. */
export interface FallingOptions {
  /** The learning rate until then. */
  readonly from: number;
  /** Steps in all. */
  readonly steps: number;
  /** From which share of the steps on. */
  readonly start: number;
  /** To which share of itself; 0 by default. */
  readonly floor?: number;
  readonly beta1?: number;
  /** The norm that the gradients of all parameters together are cut to; as they are by default. */
  readonly clip?: number;
}

/** Adam at a rate that stays, and then falls along half a cosine to the last step. */
export function fallingAdam({ from, steps, start, floor, beta1, clip }: FallingOptions): Optimiser {
  const rate = cosine({
    from,
    steps,
    start: Math.floor(start * steps),
    ...(floor !== undefined && { floor }),
  });
  const optimiser = adam(rate, beta1 === undefined ? {} : { beta1 });
  return clip === undefined ? optimiser : chain(clipByGlobalNorm(clip), optimiser);
}
