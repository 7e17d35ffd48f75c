// KL(q ‖ p(z|y)) of posteriors of the Eight Schools, in nats, and what goes with it.
import {
  estimateOf,
  klToDensity,
  type Estimate,
  type NeighbourEstimate,
  type Points,
} from '@elbo/evaluation';
import { fold, type Key } from '@elbo/random';
import { keep, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { setImmediate as macrotask } from 'node:timers/promises';
import type { Trained } from '../../runner/trained.js';
import { dim, logJoint, toIndependent } from './posterior.js';

/** A posterior that can be drawn from. */
type Drawable = Pick<Trained, 'model' | 'params'>;

/** Draws for an estimate by nearest neighbours. */
export const drawn = 20_000;

/** log p(z|y) of points, in nats. */
function logPosterior({ values }: Points, logEvidence: number): Float64Array {
  return Float64Array.from(
    { length: values.length / dim },
    (_, row) => logJoint(values.subarray(row * dim, (row + 1) * dim)) - logEvidence,
  );
}

/** By nearest neighbours, of draws alone: after the bijection to independent effects, whitened. */
export const byNeighbours = (points: Points, logEvidence: number): NeighbourEstimate =>
  klToDensity(points, logPosterior(points, logEvidence), {
    neighbours: 1,
    bijection: toIndependent,
  });

/** Of a posterior with a density: the mean of log q − log p at its draws, which has no bias. */
export async function byDensity(
  trained: Drawable,
  logEvidence: number,
  { key, count, signal }: { key: Key; count: number; signal: AbortSignal },
): Promise<Estimate> {
  const atOnce = 20_000;
  const differences = new Float64Array(count);
  for (let begin = 0; begin < count; begin += atOnce) {
    await macrotask();
    signal.throwIfAborted();
    const { points, logDensity } = await draws(trained, fold(key, begin), atOnce);
    logPosterior(points, logEvidence).forEach((value, i) => {
      if (begin + i < count) differences[begin + i] = logDensity![i]! - value;
    });
  }
  return estimateOf(differences);
}

/** Draws of q(z|y), in doubles, with log q where it is known. */
export async function draws(
  { model, params }: Drawable,
  key: Key,
  count: number,
): Promise<{ readonly points: Points; readonly logDensity: Float32Array | undefined }> {
  const x = tensor2d([[1]]);
  const forward = model.forward(params.primal, { x }, { step: 0, key, training: false });
  const made = tidy((): Tensor[] => {
    const z = keep(forward.pass.posterior.sample(fold(key, 'draws'), count));
    return [
      z,
      ...(model.offers.includes('logProb') ? [keep(forward.pass.posterior.logProb(z))] : []),
    ];
  });
  forward.dispose();
  x.dispose();
  const [values, logDensity] = await Promise.all(made.map((tensor) => tensor.data<'float32'>()));
  for (const tensor of made) tensor.dispose();
  return { points: { values: Float64Array.from(values!), dim }, logDensity };
}

/** The share of draws with τ > 0: ½ of the posterior, whose modes mirror each other. */
export function sharePositive({ values }: Points): number {
  let positive = 0;
  for (let at = 1; at < values.length; at += dim) positive += Number(values[at]! > 0);
  return (positive * dim) / values.length;
}
