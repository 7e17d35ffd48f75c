import {
  fullNormal,
  normal,
  standardNormal,
  tensorAt,
  type Config,
  type Params,
  type Prior,
} from '@elbo/core';
import { normal as normalArray, key } from '@elbo/random';
import {
  add,
  fill,
  matMul,
  sub,
  tensor1d,
  tensor2d,
  tensor3d,
  tile,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Decoder, Encoder } from '../src/index.js';

/**
 * The linear-Gaussian world with everything in closed form: z ~ N(0, I₂), x|z ~ N(Wz + μ, σ²I₃), whose posterior is
 * N(M⁻¹Wᵀ(x − μ), σ²M⁻¹) with M = WᵀW + σ²I.
 */
const W = [
  [1.2, -0.4],
  [0.3, 0.8],
  [-0.7, 0.5],
] as const;
const mu = [0.5, -1, 0.25] as const;
const sigma2 = 0.4;

const M = [0, 1].map((i) =>
  [0, 1].map((j) => W.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? sigma2 : 0)),
);
const det = M[0]![0]! * M[1]![1]! - M[0]![1]! * M[1]![0]!;
const inverse = [
  [M[1]![1]! / det, -M[0]![1]! / det],
  [-M[1]![0]! / det, M[0]![0]! / det],
] as const;

/** The posterior's covariance σ²M⁻¹. */
const covariance: readonly (readonly number[])[] = inverse.map((row) => row.map((v) => v * sigma2));

/** log p(x) in doubles: N(μ, WWᵀ + σ²I) by Cholesky. */
export function logEvidence(x: ArrayLike<number>): number {
  const C = W.map((a, i) => W.map((b, j) => a[0] * b[0] + a[1] * b[1] + (i === j ? sigma2 : 0)));
  const L = C.map((row) => row.map(() => 0));
  const y: number[] = [];
  let log = -1.5 * Math.log(2 * Math.PI);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j <= i; j++) {
      let s = C[i]![j]!;
      for (let k = 0; k < j; k++) s -= L[i]![k]! * L[j]![k]!;
      L[i]![j] = i === j ? Math.sqrt(s) : s / L[j]![j]!;
    }
    let r = x[i]! - mu[i]!;
    for (let k = 0; k < i; k++) r -= L[i]![k]! * y[k]!;
    y.push(r / L[i]![i]!);
    log -= Math.log(L[i]![i]!) + 0.5 * y[i]! * y[i]!;
  }
  return log;
}

/** KL(N(m, diag(s²)) ‖ N(m, σ²M⁻¹)) in nats. */
export function gapOfDiagonal(variances: readonly number[]): number {
  const precision = M.map((row) => row.map((v) => v / sigma2));
  const trace = variances.reduce((sum, v, i) => sum + v * precision[i]![i]!, 0);
  const logDetPosterior = 2 * Math.log(sigma2) - Math.log(det);
  return 0.5 * (trace - 2 + logDetPosterior - variances.reduce((sum, v) => sum + Math.log(v), 0));
}

/** n rows of noise to look at. */
export function someRows(n: number, seed = 3): { x: Tensor2D; rows: number[][] } {
  const values = normalArray(key(seed), n * 3);
  const rows = Array.from({ length: n }, (_, i) => [...values.subarray(3 * i, 3 * i + 3)]);
  return { x: tensor2d(values, [n, 3]), rows };
}

/** p(x|z), with W and μ as parameters. */
export const decoder: Decoder = {
  config: { kind: 'linear' },
  init: () => ({ kernel: transposed(), bias: tensor1d([...mu]) }),
  likelihood: (params, _mode, z) => {
    const mean = add(matMul(z, tensorAt(params, 'kernel')), tensorAt(params, 'bias'));
    return normal(mean, fill(mean.shape, Math.log(sigma2)));
  },
};

function transposed(): Tensor2D {
  return tensor2d([0, 1].map((j) => W.map((row) => row[j]!)));
}

/** M⁻¹Wᵀ as a kernel for row vectors: [3, 2]. */
function exactKernel(): number[][] {
  return W.map((row) => [0, 1].map((i) => inverse[i]![0] * row[0] + inverse[i]![1] * row[1]));
}

const means = (params: Params, x: Tensor2D): Tensor2D =>
  matMul(sub(x, tensorAt(params, 'shift')), tensorAt(params, 'kernel'));

const initial = (): Params => ({ kernel: tensor2d(exactKernel()), shift: tensor1d([...mu]) });

/** The exact posterior. */
export const exactEncoder: Encoder<'posterior' | 'logProb' | 'moments'> = {
  config: { kind: 'exact' },
  offers: ['posterior', 'logProb', 'moments'],
  latent: 2,
  init: initial,
  posterior: (params, _mode, x) => {
    const mean = means(params, x as Tensor2D);
    const l00 = Math.sqrt(covariance[0]![0]!);
    const l10 = covariance[1]![0]! / l00;
    const factor = tensor3d([
      [
        [l00, 0],
        [l10, Math.sqrt(covariance[1]![1]! - l10 * l10)],
      ],
    ]);
    const q = fullNormal(mean, tile(factor, [mean.shape[0], 1, 1]));
    const logVars = [0, 1].map((i) => Math.log(covariance[i]![i]!));
    return {
      q,
      mean,
      logVar: tile(tensor2d([logVars]), [mean.shape[0], 1]),
      sample: (k, n = 1) => q.sample(k, n),
      logProb: (z) => q.logProb(z),
      detach: () => {
        throw new Error('not used here');
      },
    } as ReturnType<typeof exactEncoder.posterior>;
  },
};

/** A diagonal posterior with the exact mean and these variances. */
export function diagonalEncoder(
  variances: readonly [number, number],
): Encoder<'posterior' | 'logProb'> {
  return {
    config: { kind: 'diagonal', variances } satisfies Config,
    offers: ['posterior', 'logProb'],
    latent: 2,
    init: initial,
    posterior: (params, _mode, x) => {
      const mean = means(params, x as Tensor2D);
      const q = normal(mean, tile(tensor2d([variances.map(Math.log)]), [mean.shape[0], 1]));
      return {
        q,
        sample: (k, n = 1) => q.sample(k, n),
        logProb: (z) => q.logProb(z),
        detach: () => {
          throw new Error('not used here');
        },
      } as ReturnType<Encoder<'posterior' | 'logProb'>['posterior']>;
    },
  };
}

export const prior: Prior = standardNormal(2);
