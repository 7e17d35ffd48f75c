import type { Batch, Model, Primal } from '@elbo/objectives';
import { randomNormal, standardNormalLogProb } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  add,
  dispose,
  matMul,
  reshape,
  sub,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  tile,
  transpose,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { inverseOfLower } from '../fitted/lower_triangle.js';
import type { Proposal } from './proposal.js';

/** How `normalProposal` is fitted. */
export interface NormalProposalOptions {
  /** Draws from the posterior to fit each row's mean and covariance to. */
  readonly pilot?: number;
  /** The factor on the standard deviations: a proposal narrower than the target has weights of infinite variance. */
  readonly widening?: number;
}

/**
 * For each row a normal with the mean and covariance of draws from the posterior, widened: it works for any posterior
 * that can be sampled, implicit ones included.
 */
export async function normalProposal(
  model: Model,
  params: Primal,
  batch: Batch,
  key: Key,
  { pilot = 400, widening = 1.2 }: NormalProposalOptions = {},
): Promise<Proposal> {
  const rows = batch.x.shape[0];
  const dim = model.prior.dim;
  const values = await pilotDraws(model, params, batch, key, pilot);

  const means = new Float32Array(rows * dim);
  const factors = new Float32Array(rows * dim * dim);
  const inverses = new Float32Array(rows * dim * dim);
  const logDets = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const { mean, factor, logDet } = fitNormal(values, row, rows, dim, pilot, widening);
    means.set(mean, row * dim);
    factors.set(factor, row * dim * dim);
    inverses.set(inverseOfLower(factor, dim), row * dim * dim);
    logDets[row] = logDet;
  }
  const mean = tensor2d(means, [rows, dim]);
  const factor = tensor3d(factors, [rows, dim, dim]);
  const inverse = tensor3d(inverses, [rows, dim, dim]);
  const logDet = tensor1d(logDets);
  /** Each row's matrix times each of its vectors: `[samples, B, Z]` to the same. */
  const times = (matrix: Tensor3D, vectors: Tensor): Tensor =>
    transpose(matMul(matrix, transpose(vectors, [1, 2, 0])), [2, 0, 1]);
  return {
    sample: (drawKey, samples) => {
      const noise = randomNormal(drawKey, [samples, rows, dim]);
      return reshape(add(times(factor, noise), mean), [samples * rows, dim]);
    },
    logProb: (z) => {
      const samples = z.shape[0] / rows;
      const noise = times(inverse, sub(reshape(z, [samples, rows, dim]), mean));
      const flat: Tensor2D = reshape(noise, [samples * rows, dim]);
      return sub(standardNormalLogProb(flat), tile(logDet, [samples]));
    },
    dispose: () => {
      dispose([mean, factor, inverse, logDet]);
    },
  };
}

/** Draws from the model's posterior, sample-major, on the host. */
async function pilotDraws(
  model: Model,
  params: Primal,
  batch: Batch,
  key: Key,
  count: number,
): Promise<Float32Array> {
  const forward = model.forward(params, batch, { step: 0, key, training: false });
  let draws: Tensor2D;
  try {
    draws = tidy(() => forward.pass.posterior.sample(fold(key, 'pilot'), count));
  } finally {
    forward.dispose();
  }
  const values = await draws.data<'float32'>();
  draws.dispose();
  return values;
}

/** Mean, widened Cholesky factor (row-major) and its log determinant of one row's sample-major draws, in doubles. */
function fitNormal(
  values: Float32Array,
  row: number,
  rows: number,
  dim: number,
  count: number,
  widening: number,
): { mean: Float64Array; factor: Float64Array; logDet: number } {
  const at = (draw: number, d: number): number => values[(draw * rows + row) * dim + d]!;
  const mean = new Float64Array(dim);
  for (let n = 0; n < count; n++) for (let d = 0; d < dim; d++) mean[d]! += at(n, d) / count;
  const covariance = new Float64Array(dim * dim);
  for (let n = 0; n < count; n++)
    for (let i = 0; i < dim; i++)
      for (let j = 0; j <= i; j++)
        covariance[i * dim + j]! += ((at(n, i) - mean[i]!) * (at(n, j) - mean[j]!)) / (count - 1);
  // With few draws for the dimension, off-diagonals are mostly noise: shrink them (Ledoit & Wolf's idea, fixed rate).
  const shrink = count / (count + dim);
  const factor = new Float64Array(dim * dim);
  let logDet = 0;
  for (let i = 0; i < dim; i++)
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i * dim + j]! * widening * widening * (i === j ? 1 : shrink);
      for (let k = 0; k < j; k++) sum -= factor[i * dim + k]! * factor[j * dim + k]!;
      if (i === j) {
        // A collapsed coordinate still needs a density.
        factor[i * dim + i] = Math.sqrt(Math.max(sum, 1e-10));
        logDet += Math.log(factor[i * dim + i]!);
      } else factor[i * dim + j] = sum / factor[j * dim + j]!;
    }
  return { mean, factor, logDet };
}
