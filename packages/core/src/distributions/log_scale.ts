import { softBound } from '@elbo/ops';
import type { Tensor } from '@tensorflow/tfjs-core';

/** As far as a log scale that a network makes stays as it is; its bounds are twice this. */
const logScaleBound = 15;

/**
 * Log scales, or log variances, from what a network makes of its input, which may be of any size before anything is
 * learned: as they are, to the last bit, from −15 to 15; beyond, on a curve to −30 and 30 that is flat nowhere (see
 * `softBound`). So their exponentials, and the gradients of those, are finite in float32 whatever the data are.
 */
export function boundedLogScale<T extends Tensor>(raw: T): T {
  return softBound(raw, logScaleBound);
}
