import { ConfigError, expectGiven, type Network } from '@elbo/core';
import { randomNormal } from '@elbo/ops';
import { add, clone, mul } from '@tensorflow/tfjs-core';

/** How much noise there is. */
export interface GaussianNoiseOptions {
  /** Its standard deviation. */
  readonly sd: number;
}

/**
 * Adds normal noise in training, and nothing outside it: any shape to the same. It keeps what follows from leaning on
 * single elements (Bishop 1995).
 *
 * @throws ConfigError unless `sd` is positive.
 */
export function gaussianNoise(options: GaussianNoiseOptions): Network {
  expectGiven('gaussianNoise', options, 'sd');
  const { sd } = options;
  if (!(sd > 0)) throw new ConfigError(`gaussianNoise: 'sd' must be positive, not ${sd}.`);
  return {
    config: { kind: 'gaussian-noise', sd },
    init: (_key, input) => ({ params: {}, output: input }),
    apply: (_params, { training, key }, x) =>
      training ? add(x, mul(randomNormal(key, x.shape), sd)) : clone(x),
  };
}
