import { randomNormal } from '@elbo/ops';
import { categorical, fold, normal } from '@elbo/random';
import {
  add,
  cast,
  less,
  matMul,
  mul,
  oneHot,
  tensor1d,
  tensor2d,
  where,
  type Rank,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { ConfigError } from '../errors.js';
import { expectGiven } from '../expect_given.js';
import { mixtureLogProb } from './mixture_log_prob.js';
import type { Prior } from './types.js';

/** The C components of a mixture of normals with diagonal covariances. */
export interface GaussianMixtureOptions {
  /** C weights, not negative; they are divided by their sum. */
  readonly weights: readonly number[];
  /** C means of Z numbers. */
  readonly means: readonly (readonly number[])[];
  /** C logarithms of variances, of Z numbers. */
  readonly logVars: readonly (readonly number[])[];
}

function check({ weights, means, logVars }: GaussianMixtureOptions): void {
  const dim = means[0]?.length ?? 0;
  const rule = (holds: boolean, text: string): void => {
    if (!holds) throw new ConfigError(`gaussianMixture: ${text}.`);
  };
  rule(
    weights.length > 0 && means.length === weights.length && logVars.length === weights.length,
    `${weights.length} weights, ${means.length} means and ${logVars.length} logVars should be as many, and at least one`,
  );
  rule(
    dim > 0 && [...means, ...logVars].every((row) => row.length === dim),
    `every mean and logVar should have as many numbers as the first mean (${dim}), and at least one`,
  );
  rule(
    weights.every((weight) => weight >= 0) && weights.some((weight) => weight > 0),
    `weights should be 0 or more and not all 0, not [${weights.join(', ')}]`,
  );
  rule(
    [...weights, ...means.flat(), ...logVars.flat()].every(Number.isFinite),
    'weights, means and logVars should be finite numbers',
  );
}

/**
 * The prior Σ w_c N(m_c, diag(exp(logVar_c))), with its exact log density (log-sum-exp over the components). A
 * label names a component.
 *
 * @throws ConfigError when the components do not fit together.
 */
export function gaussianMixture(options: GaussianMixtureOptions): Prior {
  expectGiven('gaussianMixture', options, 'weights', 'means', 'logVars');
  check(options);
  const { weights, means, logVars } = options;
  const dim = means[0]!.length;
  const logWeights = weights.map((weight) => Math.log(weight / weights.reduce((a, b) => a + b)));
  /** log w_c minus the log of the c-th normal's normaliser. */
  const offsets = logWeights.map(
    (logWeight, c) =>
      logWeight - 0.5 * logVars[c]!.reduce((a, logVar) => a + logVar + Math.log(2 * Math.PI), 0),
  );
  return {
    config: { kind: 'gaussian-mixture', weights, means, logVars },
    dim,
    sample: (key, n) => {
      const components = categorical(fold(key, 'component'), logWeights, n);
      const z = normal(fold(key, 'noise'), n * dim);
      components.forEach((c, row) => {
        for (let d = 0; d < dim; d++) {
          const at = row * dim + d;
          z[at] = means[c]![d]! + Math.exp(0.5 * logVars[c]![d]!) * z[at]!;
        }
      });
      return tensor2d(z, [n, dim]);
    },
    sampleGiven: (key, label) => {
      const [n] = label.shape;
      const shape: [number, number] = [weights.length, dim];
      const any = Float32Array.from(categorical(fold(key, 'component'), logWeights, n));
      const component = where(less(label, 0), tensor1d(any), label);
      // A float32 oneHot of the wasm backend holds the bits of integers.
      const chosen = cast(oneHot(cast(component, 'int32'), weights.length), 'float32') as Tensor2D;
      const deviations = logVars.flat().map((logVar) => Math.exp(0.5 * logVar));
      const noise = randomNormal<Rank.R2>(fold(key, 'noise'), [n, dim]);
      const centre = matMul(chosen, tensor2d(means.flat(), shape, 'float32'));
      return add(centre, mul(matMul(chosen, tensor2d(deviations, shape, 'float32')), noise));
    },
    logProb: (z) => {
      const shape: [number, number] = [weights.length, dim];
      const precisions = logVars.flat().map((logVar) => Math.exp(-logVar));
      return mixtureLogProb(z, {
        offsets: tensor1d(offsets, 'float32'),
        means: tensor2d(means.flat(), shape, 'float32'),
        precisions: tensor2d(precisions, shape, 'float32'),
      });
    },
  };
}

/** Where the components of `gaussiansOnCircle` lie. */
export interface CircleOptions {
  readonly components: number;
  readonly radius: number;
  /** The standard deviation of each component. */
  readonly scale: number;
}

/**
 * A mixture of equal, round normals in the plane, evenly on a circle about the origin, the first at (radius, 0).
 *
 * @throws ConfigError when there is no component or `scale` is not positive.
 */
export function gaussiansOnCircle(options: CircleOptions): Prior {
  expectGiven('gaussiansOnCircle', options, 'components', 'radius', 'scale');
  const { components, radius, scale } = options;
  const angles = Array.from({ length: components }, (_, c) => (2 * Math.PI * c) / components);
  return gaussianMixture({
    weights: angles.map(() => 1),
    means: angles.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle)]),
    logVars: angles.map(() => [2 * Math.log(scale), 2 * Math.log(scale)]),
  });
}
