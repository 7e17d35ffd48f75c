import { ConfigError, DataError } from '@elbo/core';
import { symmetricEigen, type Matrix } from './linalg.js';
import { exactLinearGaussian, type LinearGaussian } from './linear_gaussian.js';

/** The linear-Gaussian model that fits given data best. */
export interface Ppca extends LinearGaussian {
  /** The mean of log p(x) over the data, in nats: what no linear-Gaussian model with that many latents exceeds. */
  readonly logLikelihood: number;
}

/** The mean of rows `[N, D]`, flat, and their covariance over N (not N − 1). */
export function sampleMoments(
  x: ArrayLike<number>,
  dimension: number,
): { readonly mean: readonly number[]; readonly covariance: Matrix } {
  const rows = x.length / dimension;
  if (!Number.isInteger(rows) || rows < 1)
    throw new DataError(`${x.length} values are not a whole number of rows of ${dimension}.`);
  const mean = new Array<number>(dimension).fill(0);
  for (let i = 0; i < x.length; i++) mean[i % dimension]! += x[i]! / rows;
  const covariance = mean.map(() => mean.map(() => 0));
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < dimension; i++) {
      const a = (x[row * dimension + i]! - mean[i]!) / rows;
      for (let j = 0; j < dimension; j++)
        covariance[i]![j]! += a * (x[row * dimension + j]! - mean[j]!);
    }
  return { mean, covariance };
}

/**
 * Maximum-likelihood probabilistic principal component analysis of rows `[N, D]`, flat (Tipping and Bishop 1999,
 * eqs. 7 and 8): σ² is the mean of the discarded eigenvalues of the sample covariance and W = U·(Λ − σ²·I)^½, with
 * orthogonal columns, so that the posterior is diagonal and a Gaussian encoder with a diagonal covariance is exact.
 *
 * @throws DataError when the data fill too few dimensions, where the likelihood has no maximum.
 */
export function ppca(
  x: ArrayLike<number>,
  { dimension, latent }: { readonly dimension: number; readonly latent: number },
): Ppca {
  if (!(latent >= 1 && latent < dimension))
    throw new ConfigError(
      `ppca: the latents must be fewer than the ${dimension} dimensions, and not ${latent}.`,
    );
  const { mean, covariance } = sampleMoments(x, dimension);
  const { values, vectors } = symmetricEigen(covariance);
  const discarded = values.slice(latent);
  const variance = discarded.reduce((sum, value) => sum + value, 0) / discarded.length;
  if (!(variance > 1e-12 * values[0]!))
    throw new DataError(
      `ppca: the data lie in ${latent} dimensions or fewer, so that their likelihood is unbounded.`,
    );
  const scales = values.slice(0, latent).map((value) => Math.sqrt(value - variance));
  const weights = mean.map((_, i) => scales.map((scale, k) => scale * vectors[k]![i]!));
  const exact = exactLinearGaussian({ weights, mean, noise: Math.sqrt(variance) });
  // At the maximum the mean squared Mahalanobis distance is D (eq. 4 with C⁻¹·S of trace D).
  return { ...exact, logLikelihood: -exact.entropy };
}
