import { ConfigError, ShapeError } from '@elbo/core';
import { expectPositive } from '../checks.js';
import {
  cholesky,
  dot,
  gram,
  logDetCholesky,
  solveCholesky,
  solveLower,
  transpose,
  type Matrix,
} from './linalg.js';

/** z ~ N(0, I), x|z ~ N(W·z + μ, σ²·I). */
export interface LinearGaussianParameters {
  /** W, `[D, Z]`, by rows. */
  readonly weights: Matrix;
  /** μ, `[D]`. */
  readonly mean: readonly number[];
  /** σ. */
  readonly noise: number;
}

/** A Gaussian with its mean and covariance. */
export interface ExactGaussian {
  readonly mean: readonly number[];
  readonly covariance: Matrix;
}

/** What is known in closed form of a linear-Gaussian model, in double precision and nats. */
export interface LinearGaussian extends LinearGaussianParameters {
  /** log p(x) of one row, `[D]`: x ~ N(μ, W·Wᵀ + σ²·I). */
  logProb(x: ArrayLike<number>): number;
  /** The mean of log p(x) over rows, `[N, D]`, flat. */
  meanLogProb(x: ArrayLike<number>): number;
  /** −E log p(x) over the model itself. */
  readonly entropy: number;
  /** p(z|x) of one row: precision Λ = I + Wᵀ·W/σ², mean Λ⁻¹·Wᵀ·(x − μ)/σ². */
  posterior(x: ArrayLike<number>): ExactGaussian;
  /**
   * KL(q ‖ p(z|x)) of the best Gaussian q with a diagonal covariance, the same for every x: ½·(Σ log Λᵢᵢ − log det Λ).
   * So the best ELBO of such a q is log p(x) less this.
   */
  readonly diagonalGap: number;
}

/**
 * The closed forms of a linear-Gaussian model (Bishop 2006, §2.3.3 and §12.2).
 *
 * @throws ShapeError when W and μ do not fit one another, ConfigError unless σ > 0.
 */
export function exactLinearGaussian({
  weights,
  mean,
  noise,
}: LinearGaussianParameters): LinearGaussian {
  expectMatrix(weights, mean);
  const dimension = mean.length;
  expectPositive(noise, 'linear-gaussian: the noise σ');
  if (![...mean, ...weights.flat()].every(Number.isFinite))
    throw new ConfigError('linear-gaussian: weights and means must be finite numbers.');
  const marginal = cholesky(gram(weights, 1, noise * noise));
  const constant = -0.5 * (dimension * Math.log(2 * Math.PI) + logDetCholesky(marginal));
  const columns = transpose(weights);
  const precision = gram(columns, 1 / (noise * noise), 1);
  const root = cholesky(precision);
  const covariance = precision.map((_, i) =>
    solveCholesky(
      root,
      precision.map((__, j) => (i === j ? 1 : 0)),
    ),
  );
  const centred = (x: ArrayLike<number>, from: number): number[] =>
    mean.map((m, i) => x[from + i]! - m);
  const logProbAt = (x: ArrayLike<number>, from: number): number => {
    const whitened = solveLower(marginal, centred(x, from));
    return constant - 0.5 * dot(whitened, whitened);
  };
  const expectMultiple = (x: ArrayLike<number>, rows: number): void => {
    if (!Number.isInteger(rows) || rows < 1)
      throw new ShapeError(
        `linear-gaussian: ${x.length} values are not a whole number of rows of ${dimension}.`,
      );
  };
  return {
    weights,
    mean,
    noise,
    logProb: (x) => {
      if (x.length !== dimension)
        throw new ShapeError(
          `linear-gaussian: expected a row of ${dimension} values, got ${x.length}.`,
        );
      return logProbAt(x, 0);
    },
    meanLogProb: (x) => {
      const rows = x.length / dimension;
      expectMultiple(x, rows);
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += logProbAt(x, row * dimension);
      return sum / rows;
    },
    entropy: 0.5 * dimension - constant,
    posterior: (x) => {
      if (x.length !== dimension)
        throw new ShapeError(
          `linear-gaussian: expected a row of ${dimension} values, got ${x.length}.`,
        );
      const residual = centred(x, 0);
      const projected = columns.map((column) => dot(column, residual) / (noise * noise));
      return { mean: solveCholesky(root, projected), covariance };
    },
    diagonalGap:
      0.5 * (precision.reduce((sum, row, i) => sum + Math.log(row[i]!), 0) - logDetCholesky(root)),
  };
}

/** Fails unless weights are as many rows of equal length as there are means. */
function expectMatrix(weights: unknown, mean: unknown): void {
  const rows: readonly unknown[] = Array.isArray(weights) ? weights : [];
  const widths = rows.map((row) => (Array.isArray(row) ? row.length : 0));
  const count = Array.isArray(mean) ? mean.length : 0;
  if (count > 0 && widths.length === count && widths[0]! > 0 && new Set(widths).size === 1) return;
  throw new ShapeError(
    `linear-gaussian: weights must be ${count} rows of equal length, as the mean has ${count} values; got rows of ${widths.join(', ') || 'nothing'}.`,
  );
}
