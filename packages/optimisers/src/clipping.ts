import { defineKind, disposeTree, leaves, unflatten, type Kind, type Params } from '@elbo/core';
import { squaredNorm } from '@elbo/ops';
import {
  clipByValue as clip,
  div,
  isNaN as isNotANumber,
  lessEqual,
  mul,
  scalar,
  sqrt,
  tidy,
  where,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { expectPositive } from './checks.js';
import { transformCategory, type Transform } from './optimiser.js';

/** A transform without state: one list of tensors to another. */
function stateless(config: Transform['config'], f: (list: Tensor[]) => Tensor[]): Transform {
  const apply = (gradients: Params): Params => {
    try {
      return unflatten(
        gradients,
        tidy(() => f(leaves(gradients))),
      );
    } finally {
      disposeTree(gradients);
    }
  };
  return {
    config,
    init: () => ({}),
    update: (gradients, state) => ({ gradients: apply(gradients), state }),
  };
}

/** The factor that brings the global norm down to `max`; 1 where it is not above. */
function clippingFactor(gradients: readonly Tensor[], max: number): Scalar {
  if (gradients.length === 0) return scalar(1);
  const squared = squaredNorm(gradients);
  const norm = sqrt(squared);
  // max / norm, but ∞ / ∞ where the norm is infinite: 0 would hide it.
  return where<Scalar>(lessEqual(norm, max), 1, div(mul(norm, max), squared));
}

/**
 * Scales all gradients by one factor, so that their global norm is at most `max` (Pascanu et al. 2013, algorithm 1).
 * The norm is not read by the host. Where it is NaN or overflows, all gradients become NaN, so that it shows.
 *
 * @throws ConfigError when `max` is not positive.
 */
export function clipByGlobalNorm(max: number): Transform {
  expectPositive('clipByGlobalNorm', { max });
  const clipped = stateless({ kind: 'clipByGlobalNorm', max }, (gradients) => {
    const factor = clippingFactor(gradients, max);
    return gradients.map((gradient) => mul(gradient, factor));
  });
  return { ...clipped, factor: (gradients) => tidy(() => clippingFactor(leaves(gradients), max)) };
}

/**
 * Limits every element of the gradients to [−max, max]. NaN stays NaN.
 *
 * @throws ConfigError when `max` is not positive.
 */
export function clipByValue(max: number): Transform {
  expectPositive('clipByValue', { max });
  return stateless({ kind: 'clipByValue', max }, (gradients) =>
    gradients.map((gradient) =>
      // The kernel of WASM turns NaN into a bound.
      where(isNotANumber(gradient), gradient, clip(gradient, -max, max)),
    ),
  );
}

/** The kinds `clipByGlobalNorm` and `clipByValue`. */
export const clippingKinds: readonly Kind<Transform>[] = [
  defineKind('clipByGlobalNorm', transformCategory, { max: v.number() }, ({ max }) =>
    clipByGlobalNorm(max),
  ),
  defineKind('clipByValue', transformCategory, { max: v.number() }, ({ max }) => clipByValue(max)),
];
