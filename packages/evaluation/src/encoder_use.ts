import { scope } from '@elbo/gradients';
import type { Batch, ForwardPass, Model, ModelParams } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import {
  concat,
  moments,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { expectCount, expectEnough, expectFinite } from './estimable.js';
import { estimateOf, type Estimate } from './estimate.js';

/**
 * Whether the decoder makes anything of z: the mean over rows of log p(x|z) at the row's own code less that at its
 * neighbour's in the batch, in nats. 0 where z is ignored.
 *
 * It is no amount of information, and may be many times the KL that bounds I(x; z): a decoder that is told another row's
 * code is sure of the wrong thing, which costs more than knowing nothing. `information` estimates I(x; z).
 *
 * @throws DataError for a single row, which has no neighbour.
 */
export async function ownCodeGain(
  model: Model,
  params: ModelParams,
  batch: Batch,
  key: Key,
): Promise<Estimate> {
  expectEnough('ownCodeGain', batch.x.shape[0], 2);
  const gains = await inPass(model, params, batch, key, ({ pass }) => {
    const [rows, dim] = pass.z.shape;
    const others = concat([slice(pass.z, [1, 0]), slice(pass.z, [0, 0], [1, dim])], 0);
    const own = pass.likelihood.logProb(pass.x);
    return reshape(sub(own, pass.decode(others).logProb(pass.x)), [rows]);
  });
  return estimateOf(gains);
}

/** A coordinate whose posterior means vary less than this over the data is not active (Burda et al. 2015, §5.1). */
const threshold = 0.01;

/**
 * How many coordinates of z are active: the variance over rows of E[z|x] exceeds .01.
 *
 * @throws as `unitVariances` does.
 */
export async function activeUnits(
  model: Model,
  params: ModelParams,
  batch: Batch,
  key: Key,
  draws?: number,
): Promise<number> {
  const variances = await unitVariances(model, params, batch, key, draws);
  return variances.filter((variance) => variance > threshold).length;
}

/**
 * The variance over rows of E[z|x], of each coordinate of z. The means are those of draws, and what the draws' own spread
 * adds to their variance is taken off, so that it works for implicit posteriors too; where nothing is left it may be
 * slightly negative.
 *
 * @throws DataError for a single row, or draws that are not finite; ConfigError for fewer than two draws.
 */
export async function unitVariances(
  model: Model,
  params: ModelParams,
  batch: Batch,
  key: Key,
  draws = 32,
): Promise<readonly number[]> {
  const rows = batch.x.shape[0];
  const dim = model.prior.dim;
  expectEnough('unitVariances', rows, 2);
  expectCount('unitVariances', 'draws', draws, 2);
  const variances = await inPass(model, params, batch, key, ({ pass }) => {
    const z = reshape(pass.posterior.sample(fold(key, 'draws'), draws), [draws, rows, dim]);
    const within = moments(z, 0);
    const between = moments(within.mean, 0).variance;
    const spread = moments(within.variance, 0).mean;
    return concat([reshape(between, [dim]), reshape(spread, [dim])]);
  });
  expectFinite('unitVariances', 'the variance of coordinate', variances.subarray(0, dim));
  return Array.from(
    { length: dim },
    (_, i) => (variances[i]! * rows) / (rows - 1) - variances[dim + i]! / (draws - 1),
  );
}

async function inPass(
  model: Model,
  params: ModelParams,
  batch: Batch,
  key: Key,
  f: (forward: ForwardPass) => Tensor1D | Tensor,
): Promise<Float32Array> {
  const forward = model.forward(params.primal, batch, { step: 0, key, training: false });
  let found: Tensor;
  try {
    found = scope(() => f(forward));
  } finally {
    forward.dispose();
  }
  try {
    return await found.data<'float32'>();
  } finally {
    found.dispose();
  }
}
