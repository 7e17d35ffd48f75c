import type { Optimiser } from '@elbo/optimisers';
import { fallingAdam } from '@elbo/recipes';

/** Adam whose rate falls to a twentieth over the last half, with the short memory that games like. */
export function falling(from: number, steps: number): Optimiser {
  return fallingAdam({ from, steps, start: 0.5, floor: 0.05, beta1: 0.5, clip: 200 });
}
