import { adam, chain, clipByGlobalNorm, cosine, type Optimiser } from '@elbo/optimisers';
import * as v from 'valibot';

/** A whole number from 1. */
export const count: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** A positive number. */
export const rate: v.GenericSchema<number> = v.pipe(v.number(), v.gtValue(0));

/** Adam whose rate falls to a twentieth over the last half, with the short memory that games like. */
export function falling(from: number, steps: number): Optimiser {
  return chain(
    clipByGlobalNorm(200),
    adam(cosine({ from, steps, start: Math.floor(0.5 * steps), floor: 0.05 }), { beta1: 0.5 }),
  );
}
