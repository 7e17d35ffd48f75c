import { randomNormal, randomUniform } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  add,
  concat,
  cos,
  div,
  less,
  mul,
  reshape,
  sin,
  where,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { ConfigError } from '../errors.js';
import { expectGiven } from '../expect_given.js';
import type { Prior } from './types.js';

/** Where a swiss roll lies. */
export interface SwissRollOptions {
  /** How often it winds about the origin; 1.5 by default. */
  readonly turns?: number;
  /** Its outer radius; the inner one is a third of that. 3 by default. */
  readonly radius?: number;
  /** The standard deviation of normal noise on both coordinates; 0.1 by default. */
  readonly noise?: number;
  /** Into how many equal stretches labels divide it, from the inside; 10 by default. */
  readonly classes?: number;
}

/**
 * The prior along a spiral in the plane (Makhzani et al. 2015, §2.3), for models that only draw from it: it has no
 * density here, and its `logProb` throws a ConfigError that says so.
 *
 * @throws ConfigError for sizes that are not positive.
 */
export function swissRoll(options: SwissRollOptions = {}): Prior {
  expectGiven('swissRoll', options);
  const { turns = 1.5, radius = 3, noise = 0.1, classes = 10 } = options;
  if (
    ![turns, radius, classes].every((value) => value > 0 && value < Infinity) ||
    !(noise >= 0 && noise < Infinity)
  )
    throw new ConfigError(
      `swissRoll: 'turns', 'radius' and 'classes' must be positive and 'noise' not negative, and all finite, not ${turns}, ${radius}, ${classes} and ${noise}.`,
    );
  /** Points at places from 0, inside, to 1, `[n, 1]`. */
  const at = (place: Tensor2D, key: Key): Tensor2D => {
    const r = mul(add(mul(place, 2 / 3), 1 / 3), radius);
    const angle = mul(place, 2 * Math.PI * turns);
    const points: Tensor2D = concat([mul(r, cos(angle)), mul(r, sin(angle))], 1);
    return add(points, mul(randomNormal(fold(key, 'noise'), points.shape), noise));
  };
  const places = (key: Key, n: number): Tensor2D => randomUniform(fold(key, 'place'), [n, 1]);
  return {
    config: { kind: 'swiss-roll', turns, radius, noise, classes },
    dim: 2,
    sample: (key, n) => at(places(key, n), key),
    sampleGiven: (key, label) => {
      const [n] = label.shape;
      const place = places(key, n);
      const named: Tensor2D = reshape(label, [n, 1]);
      return at(where(less(named, 0), place, div(add(named, place), classes)), key);
    },
    logProb: (): Tensor1D => {
      throw new ConfigError(
        'swissRoll: has no density; it goes with models that only draw from the prior, such as adversarial and Wasserstein autoencoders.',
      );
    },
  };
}
