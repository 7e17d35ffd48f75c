import { ConfigError, normal } from '@elbo/core';
import type { Sampled } from '@elbo/objectives';
import { randomNormal } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import { add, fill, mul, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';

/** Draws of z, `[samples · B, Z]`. */
type Draw = (key: Key, samples: number) => Tensor2D;

/**
 * Adds normal noise of standard deviation δ to draws of z: it keeps an implicit posterior a density, and makes it
 * semi-implicit.
 *
 * @throws ConfigError that names `where` unless δ is 0 or more.
 */
export function outputNoiseOf(where: string, delta: number): (draw: Draw) => Sampled {
  if (!(delta >= 0))
    throw new ConfigError(`${where}: 'outputNoise' must be 0 or more, not ${delta}.`);
  if (delta === 0) return (draw) => ({ sample: (key, samples = 1) => draw(key, samples) });
  return (draw) => ({
    sample: (key, samples = 1) => {
      const z = draw(key, samples);
      return add(z, mul(randomNormal<Rank.R2>(fold(key, 'output'), z.shape), delta));
    },
    components: (key, samples = 1) => {
      const centres = draw(key, samples);
      return normal(centres, fill(centres.shape, 2 * Math.log(delta)));
    },
  });
}
