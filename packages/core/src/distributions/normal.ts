import { normalLogProb, randomNormal, reparameterize } from '@elbo/ops';
import type { Key } from '@elbo/random';
import { clone, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { expectSameShape, parametersFor } from './rows.js';
import type { Distribution } from './types.js';

/** Normal distributions with diagonal covariances, N(location, diag(exp(logVar))). */
export interface Normal<T extends Tensor = Tensor> extends Distribution {
  /** The means, `[B, …]`. */
  readonly location: T;
  /** The logarithms of the variances, `[B, …]`. */
  readonly logVar: T;
  sample(key: Key, samples?: number): T;
  mean(): T;
}

/**
 * Normal distributions with diagonal covariances, from the means and the logarithms of the variances, both `[B, …]`.
 *
 * A sample is mean + exp(½ logVar) ⊙ ε, differentiable in both (Kingma & Welling 2013, eq. 10). `logVar` is not
 * clamped.
 *
 * @throws ShapeError when the two differ in shape, or a value does not fit them.
 */
export function normal<T extends Tensor>(mean: T, logVar: T): Normal<T> {
  expectSameShape(mean, logVar, 'normal(mean, logVar)');
  return {
    location: mean,
    logVar,
    sample: (key, samples = 1) => {
      const shape = [samples * mean.shape[0], ...mean.shape.slice(1)];
      const noise = randomNormal(key, shape);
      if (samples === 1) return reparameterize(mean, logVar, noise) as T;
      const drawn = reparameterize(mean, logVar, reshape(noise, [samples, ...mean.shape]));
      return reshape(drawn, shape) as T;
    },
    logProb: (x) =>
      normalLogProb(
        x,
        parametersFor(x, mean, 'normal.logProb'),
        parametersFor(x, logVar, 'normal.logProb'),
      ),
    mean: () => clone(mean),
  };
}
