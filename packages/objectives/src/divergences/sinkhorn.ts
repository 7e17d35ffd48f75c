import { ConfigError } from '@elbo/core';
import { detach, scope } from '@elbo/gradients';
import { untaped } from '@elbo/ops';
import {
  add,
  maximum,
  mean,
  mul,
  scalar,
  sub,
  sum,
  transpose,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import {
  potentialsBetween,
  symmetricPotential,
  transportOf,
  type Transport,
} from './entropic_transport.js';
import { squaredDistances } from './squared_distances.js';

/** How a Sinkhorn divergence is computed. */
export interface SinkhornOptions {
  /** ε, the weight of the entropy; 0.1 by default. */
  readonly epsilon?: number;
  /** Whether ε is a share of the mean cost between the samples (the default), or a cost itself. */
  readonly relative?: boolean;
  /**
   * Updates of both potentials between the samples; 60 by default. The smaller ε, the more it takes: see `violation`. Of
   * those within a sample twenty are enough, and no more are done.
   */
  readonly iterations?: number;
}

/** A Sinkhorn divergence, and how far its computation was from its end. */
export interface SinkhornDivergence {
  readonly value: Scalar;
  /**
   * Σ |row sums of a plan − 1/N|, or the same of columns: the most of the three plans, x to y, x to x and y to y. 0 when
   * converged; worth more iterations over 0.001.
   */
  readonly violation: Scalar;
}

/** The options with their defaults. */
export function sinkhornRules({
  epsilon = 0.1,
  relative = true,
  iterations = 60,
}: SinkhornOptions): Required<SinkhornOptions> {
  if (!(epsilon > 0))
    throw new ConfigError(`sinkhorn: 'epsilon' must be positive, not ${epsilon}.`);
  if (!Number.isSafeInteger(iterations) || iterations < 1)
    throw new ConfigError(
      `sinkhorn: 'iterations' must be a whole number of at least 1, not ${iterations}.`,
    );
  return { epsilon, relative, iterations };
}

/**
 * The debiased Sinkhorn divergence OT_ε(x, y) − ½ OT_ε(x, x) − ½ OT_ε(y, y) of samples x `[N, Z]` and y `[M, Z]`, with
 * the cost ‖x − y‖² (Feydy et al. 2019, eq. 3): 0 of equal samples, and near the squared Wasserstein distance W₂² at
 * small ε. Differentiable in both by the envelope theorem: the potentials are constants to gradients.
 *
 * @throws ConfigError for options that make no sense; ShapeError when the points differ in dimension.
 */
export function sinkhornDivergence(
  x: Tensor2D,
  y: Tensor2D,
  options: SinkhornOptions = {},
): SinkhornDivergence {
  const { epsilon, relative, iterations } = sinkhornRules(options);
  const costs = (a: Tensor2D, b: Tensor2D): Tensor2D => squaredDistances(a, b, 'sinkhorn');
  const [between, withinX, withinY] = [costs(x, y), costs(x, x), costs(y, y)];
  const found = untaped(() =>
    scope(() => {
      // Equal points cost nothing, and would make an ε of 0.
      const unit = relative ? maximum(mean<Scalar>(mean(between, 1)), 1e-12) : scalar(1);
      const weight = mul<Scalar>(unit, epsilon);
      const f = symmetricPotential(withinX, weight, iterations);
      const g = transpose(symmetricPotential(withinY, weight, iterations));
      // Where x and y are near each other, so are the potentials between them and those within.
      const across = potentialsBetween(between, weight, iterations, [f, g]);
      const transports = [
        transportOf(across, between, weight),
        transportOf([f, transpose(f)], withinX, weight),
        transportOf([transpose(g), g], withinY, weight),
      ] as const;
      const [a, b, c] = transports.map(({ violation }) => violation);
      return { transports, violation: maximum<Scalar>(maximum(a!, b!), c!) };
    }),
  );
  const [across, ofX, ofY] = found.transports;
  return {
    value: sub(
      withGradient(across, between),
      mul(0.5, add(withGradient(ofX, withinX), withGradient(ofY, withinY))),
    ),
    violation: found.violation,
  };
}

/** The gradient of OT_ε is that of ⟨plan, cost⟩ with the plan fixed. */
function withGradient({ plan, dual }: Transport, cost: Tensor2D): Scalar {
  const primal = sum<Scalar>(sum(mul(plan, cost), 1));
  return add(sub(dual, detach(primal)), primal);
}
