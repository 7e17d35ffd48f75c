import { mapTree, tensorAt } from '@elbo/core';
import type { ModelParams } from '@elbo/objectives';
import { add, mul } from '@tensorflow/tfjs-core';

/**
 * The exponential moving average of parameters after one more step (Polyak & Juditsky 1992). Early steps decay faster,
 * min(decay, (1 + t)/(10 + t)), so that the initial values are soon forgotten.
 */
export function averaged(
  ema: ModelParams['primal'],
  params: ModelParams['primal'],
  decay: number,
  step: number,
): ModelParams['primal'] {
  const d = Math.min(decay, (1 + step) / (10 + step));
  return mapTree(ema, (tensor, path) =>
    add(mul(tensor, d), mul(tensorAt(params, path), 1 - d)),
  ) as ModelParams['primal'];
}
