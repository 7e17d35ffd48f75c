import type { Model, ModelParams } from '@elbo/objectives';
import type { Key } from '@elbo/random';
import {
  cast,
  equal,
  logicalOr,
  min,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { simulate } from '../ais/bidirectional.js';

/** What is drawn of p(x|z) to be compared with data. */
export type DrawnAs = 'draws of p(x|z)' | 'means of p(x|z)';

/**
 * What has the data's own form: draws where these are bits, for grey means lie nearer to everything than bits do, and
 * averages of any three rows would score like data. Else means, to which nobody adds the noise of p(x|z).
 */
export function drawnAs(bits: boolean): DrawnAs {
  return bits ? 'draws of p(x|z)' : 'means of p(x|z)';
}

/** Whether all values are 0 or 1. */
export async function areBits(x: Tensor): Promise<boolean> {
  const all = tidy(() => min(cast(logicalOr(equal(x, 0), equal(x, 1)), 'float32')));
  try {
    return (await all.data<'float32'>())[0] === 1;
  } finally {
    all.dispose();
  }
}

/** `count` rows of a model in that form, at draws from its prior; the tensor is the caller's. */
export function drawLike(
  bits: boolean,
  model: Model,
  params: ModelParams,
  key: Key,
  count: number,
  condition?: Tensor2D,
): Tensor {
  if (!bits) return model.sample(params.primal, key, count, condition);
  const { batch, z } = simulate(model, params.primal, key, count, condition);
  z.dispose();
  return batch.x;
}
