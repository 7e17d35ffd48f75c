import { DataError } from '@elbo/core';
import { fold } from '@elbo/random';
import { estimateOf } from '../estimate.js';
import { nearestNeighbours, neighboursAmong } from '../neighbours/nearest.js';
import { countOf, expectPoints, type Points } from '../points.js';
import { calibrated, type NeighbourEstimate } from './calibration.js';
import type { NeighbourOptions } from './entropy.js';
import { fittedNormal, normalKl } from './fitted_normal.js';

/**
 * KL(p ‖ q) in nats between two distributions of which there are samples only (Wang, Kulkarni & Verdú 2009, eq. 9), from
 * the distances of each of p's N samples to its k-th neighbour among them, ρ, and among q's M, ν: the mean of
 * D log(ν/ρ), and log(M/(N − 1)).
 *
 * Much of the bias of the two distances cancels where p and q are alike, and not where they are far apart. The error is
 * that of a mean of independent values and knows nothing of q's samples, which all of them share: it is too small by a
 * quarter to a half. `calibration` corrects both.
 *
 * @throws ShapeError when the two differ in dimension; DataError when they are too few, or samples coincide.
 */
export function klBetweenSamples(
  p: Points,
  q: Points,
  { neighbours = 4, calibration }: NeighbourOptions = {},
): NeighbourEstimate {
  expectPoints('klBetweenSamples', neighbours + 1, p, q);
  const [n, m] = [countOf(p), countOf(q)];
  const within = neighboursAmong(p, neighbours).distances;
  const across = nearestNeighbours(p, q, neighbours).distances;
  const offset = Math.log(m / (n - 1));
  const found = estimateOf(
    Float64Array.from({ length: n }, (_, i) => {
      const last = (i + 1) * neighbours - 1;
      if (within[last] === 0 || across[last] === 0)
        throw new DataError(
          `klBetweenSamples: sample ${i} is the same as ${neighbours} others; distributions with atoms have no densities.`,
        );
      return p.dim * Math.log(across[last]! / within[last]!) + offset;
    }),
  );
  if (!calibration) return found;
  const [likeP, likeQ] = [fittedNormal(p), fittedNormal(q)];
  return calibrated(found, calibration, (key) => {
    const draws = [likeP.draw(fold(key, 'p')), likeQ.draw(fold(key, 'q'))] as const;
    const { mean, error } = klBetweenSamples(...draws, { neighbours });
    return { mean: mean - normalKl(likeP, likeQ), error };
  });
}
