import { expectGiven } from '@elbo/core';
import { fold, normal } from '@elbo/random';
import { expectRows, expectSize, sourceOf } from '../checks.js';
import type { Dataset, Split } from '../dataset.js';
import type { Matrix } from '../exact/linalg.js';
import { exactLinearGaussian, type LinearGaussian } from '../exact/linear_gaussian.js';
import { gatherFloats } from '../reading/gather.js';

/** A linear-Gaussian world to draw from; the default has four dimensions and two correlated latents. */
export interface LinearGaussianOptions {
  /** W, `[D, Z]`, by rows. */
  readonly weights?: Matrix;
  /** μ, `[D]`; zeros by default. */
  readonly mean?: readonly number[];
  /** σ. */
  readonly noise?: number;
  readonly size?: number;
  readonly seed?: number;
  readonly split?: Split;
}

/** Rows drawn from a linear-Gaussian model. */
export interface LinearGaussianDataset extends Dataset {
  /** The closed forms of the model that the rows were drawn from. */
  readonly exact: LinearGaussian;
}

const defaultWeights: Matrix = [
  [1, 0.2],
  [0.5, 1],
  [-0.6, 0.4],
  [0.3, -0.8],
];

/**
 * Rows x = W·z + μ + σ·ε, z and ε standard normal. `exact` has log p(x), the posterior and the gap of a diagonal one.
 *
 * @throws ShapeError when W and μ do not fit one another.
 */
export function linearGaussian(options: LinearGaussianOptions = {}): LinearGaussianDataset {
  expectGiven('linearGaussian', options);
  const {
    weights = defaultWeights,
    noise = 0.5,
    size = 10_000,
    seed = 0,
    split = 'train',
  } = options;
  const mean = options.mean ?? Array.from(weights, () => 0);
  const exact = exactLinearGaussian({ weights, mean, noise });
  const dimension = mean.length;
  const latent = weights[0]!.length;
  expectSize(size, 'linear-gaussian', latent + dimension);
  const source = sourceOf('linear-gaussian', seed, split);
  const z = normal(fold(source, 'latent'), size * latent);
  const x = normal(fold(source, 'noise'), size * dimension);
  for (let i = 0; i < x.length; i++) {
    const row = Math.floor(i / dimension);
    const w = weights[i % dimension]!;
    let value = mean[i % dimension]! + noise * x[i]!;
    for (let k = 0; k < latent; k++) value += w[k]! * z[row * latent + k]!;
    x[i] = value;
  }
  const dataset: LinearGaussianDataset = {
    config: { kind: 'linear-gaussian', weights, mean, noise, size, seed, split },
    name: 'linear-gaussian',
    size,
    shape: [dimension],
    binary: false,
    exact,
    read: (rows) => {
      expectRows(rows, dataset);
      return { x: gatherFloats(x, dimension, rows) };
    },
  };
  return dataset;
}
