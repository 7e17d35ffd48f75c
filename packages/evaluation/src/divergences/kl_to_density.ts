import { ShapeError } from '@elbo/core';
import { estimateOf } from '../estimate.js';
import { countOf, expectPoints, pointAt, type Points } from '../points.js';
import { calibrated, type NeighbourEstimate } from './calibration.js';
import { localEntropies, type NeighbourOptions } from './entropy.js';
import { fittedNormal, logNormal } from './fitted_normal.js';
import { whiten } from './whiten.js';

/** Where the entropy is measured. */
export interface KlToDensityOptions extends NeighbourOptions {
  /**
   * A one-to-one map of a point to another of the same dimension, with log |det| of its Jacobian there: one that takes
   * p to something round, so that q is nearly round too. The Kullback–Leibler divergence is the same on both sides.
   */
  readonly bijection?: (point: ArrayLike<number>) => {
    readonly point: ArrayLike<number>;
    readonly logDeterminant: number;
  };
  /** Whether to whiten what is measured; true by default. */
  readonly whiten?: boolean;
}

/**
 * KL(q ‖ p) in nats of a q that can only be sampled, as the posterior of an implicit encoder, to a density p: the mean
 * of −log p less the entropy of q by nearest neighbours (`entropy`, whose bias it has, with the sign turned).
 *
 * @param samples Of q.
 * @param logDensity log p at each of them, `[N]`, normalised: of an unnormalised one the result is KL less log Z.
 * @throws ShapeError when there are not as many log densities as samples; DataError when there are too few, or samples
 * coincide.
 */
export function klToDensity(
  samples: Points,
  logDensity: ArrayLike<number>,
  { bijection, whiten: whitens = true, calibration, ...options }: KlToDensityOptions = {},
): NeighbourEstimate {
  const count = countOf(samples);
  expectPoints('klToDensity', (options.neighbours ?? 4) + 1, samples);
  if (logDensity.length !== count)
    throw new ShapeError(
      `klToDensity: ${count} samples need as many log densities, not ${logDensity.length}.`,
    );
  const logDeterminants = new Float64Array(count);
  const mapped = bijection ? mapPoints(samples, bijection, logDeterminants) : samples;
  const { points, logDeterminant } = whitens
    ? whiten(mapped)
    : { points: mapped, logDeterminant: 0 };
  const entropies = localEntropies(points, options);
  const found = estimateOf(
    entropies.map((local, i) => logDeterminants[i]! + logDeterminant - local - logDensity[i]!),
  );
  if (!calibration) return found;
  // Of the normal to itself: what log p adds to the variance is in `found` already.
  const like = fittedNormal(points);
  return calibrated(found, calibration, (key) => {
    const draws = like.draw(key);
    const own = localEntropies(draws, options);
    return estimateOf(own.map((local, i) => -local - logNormal(like, pointAt(draws, i))));
  });
}

/** The images of the points; writes the Jacobians. */
function mapPoints(
  samples: Points,
  bijection: NonNullable<KlToDensityOptions['bijection']>,
  logDeterminants: Float64Array,
): Points {
  const values = new Float64Array(samples.values.length);
  logDeterminants.forEach((_, row) => {
    const { point, logDeterminant } = bijection(pointAt(samples, row));
    values.set(point, row * samples.dim);
    logDeterminants[row] = logDeterminant;
  });
  return { values, dim: samples.dim };
}
