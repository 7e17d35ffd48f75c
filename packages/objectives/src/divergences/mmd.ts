import { ConfigError } from '@elbo/core';
import {
  add,
  addN,
  div,
  exp,
  eye,
  mean,
  mul,
  neg,
  reciprocal,
  sub,
  sum,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { squaredDistances } from './squared_distances.js';

/** A kernel, of r = ‖x − y‖² / C: inverse multiquadratic, 1/(1 + r), or Gaussian, exp(−r). */
export type KernelName = 'imq' | 'rbf';

/** A kernel for `mmd2`: the mean of one kernel at several scales. */
export interface KernelOptions {
  /** `imq` by default: its tails still pull on points far away (Tolstikhin et al. 2018, §4). */
  readonly kernel?: KernelName;
  /** σ², the variance of a coordinate of the reference: C is 2·Z·σ², its mean squared distance. 1 by default. */
  readonly variance?: number;
  /** The factors on C; 0.1, 0.2, 0.5, 1, 2, 5 and 10 by default, as in the paper's code. */
  readonly factors?: readonly number[];
}

const kernels: Readonly<Record<KernelName, (r: Tensor) => Tensor>> = {
  imq: (r) => reciprocal(add(r, 1)),
  rbf: (r) => exp(neg(r)),
};

/** The options with their defaults. */
export function kernelOf({
  kernel = 'imq',
  variance = 1,
  factors = [0.1, 0.2, 0.5, 1, 2, 5, 10],
}: KernelOptions): Required<KernelOptions> {
  if (!(factors.length > 0 && [variance, ...factors].every((value) => value > 0)))
    throw new ConfigError(
      `mmd: 'variance' and at least one of 'factors' must be positive, not ${variance} and [${factors.join(', ')}].`,
    );
  return { kernel, variance, factors };
}

/**
 * The squared maximum mean discrepancy of the distributions that x `[N, Z]` and y `[M, Z]` are drawn from, by the
 * unbiased U-statistic (Gretton et al. 2012, eq. 3): its mean is 0 where they are equal, so a single value may be
 * negative. Differentiable in both.
 *
 * @throws ConfigError for a kernel that is none, or fewer than two points of either.
 */
export function mmd2(x: Tensor2D, y: Tensor2D, options: KernelOptions = {}): Scalar {
  const { kernel, variance, factors } = kernelOf(options);
  const least = Math.min(x.shape[0], y.shape[0]);
  if (least < 2)
    throw new ConfigError(`mmd: each sample needs at least two points, and there is ${least}.`);
  const scale = 2 * x.shape[1] * variance;
  const similarities = (a: Tensor2D, b: Tensor2D): Tensor => {
    const distances = squaredDistances(a, b, 'mmd');
    const each = factors.map((factor) => kernels[kernel](div(distances, scale * factor)));
    return div(addN(each), factors.length);
  };
  /** The mean over pairs of two different points. */
  const within = (points: Tensor2D): Scalar => {
    const [n] = points.shape;
    const others = mul(similarities(points, points), sub(1, eye(n)));
    return mean(div(sum(others, 1), n - 1));
  };
  const across = mean<Scalar>(mean(similarities(x, y), 1));
  return sub(add(within(x), within(y)), mul(2, across));
}
