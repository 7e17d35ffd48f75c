import { ConfigError } from '@elbo/core';
import { detach, scope } from '@elbo/gradients';
import { logSumExp, untaped } from '@elbo/ops';
import {
  abs,
  add,
  div,
  exp,
  expandDims,
  max,
  maximum,
  mean,
  mul,
  neg,
  scalar,
  sub,
  sum,
  zeros,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { squaredDistances } from './squared_distances.js';

/** How a Sinkhorn divergence is computed. */
export interface SinkhornOptions {
  /** ε, the weight of the entropy; 0.1 by default. */
  readonly epsilon?: number;
  /** Whether ε is a share of the mean cost between the samples (the default), or a cost itself. */
  readonly relative?: boolean;
  /** Updates of both potentials; 30 by default. The smaller ε, the more it takes: see `violation`. */
  readonly iterations?: number;
}

/** A Sinkhorn divergence, and how far its computation was from its end. */
export interface SinkhornDivergence {
  readonly value: Scalar;
  /** Σ |row sums of the plan between the samples − 1/N|: 0 when converged, 2 at most; worth more iterations over 0.01. */
  readonly violation: Scalar;
}

/** The options with their defaults. */
export function sinkhornRules({
  epsilon = 0.1,
  relative = true,
  iterations = 30,
}: SinkhornOptions): Required<SinkhornOptions> {
  if (!(epsilon > 0))
    throw new ConfigError(`sinkhorn: 'epsilon' must be positive, not ${epsilon}.`);
  if (!Number.isSafeInteger(iterations) || iterations < 1)
    throw new ConfigError(
      `sinkhorn: 'iterations' must be a whole number from 1, not ${iterations}.`,
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
  const across = costs(x, y);
  // Equal points cost nothing, and would make an ε of 0.
  const unit: Scalar = relative ? maximum(mean<Scalar>(mean(detach(across), 1)), 1e-12) : scalar(1);
  const weight = mul<Scalar>(unit, epsilon);
  const between = transport(across, weight, iterations);
  const within = [costs(x, x), costs(y, y)].map(
    (cost) => transport(cost, weight, iterations).value,
  );
  return {
    value: sub(between.value, mul(0.5, add(within[0]!, within[1]!))),
    violation: between.violation,
  };
}

/** OT_ε of a matrix of costs `[N, M]` between even weights: a lower bound on it where not converged. */
function transport(cost: Tensor2D, epsilon: Scalar, iterations: number): SinkhornDivergence {
  const { plan, entropy, violation } = untaped(() =>
    scope(() => solve(detach(cost), epsilon, iterations)),
  );
  // The gradient of OT_ε is that of ⟨plan, cost⟩ with the plan fixed.
  return { value: add(sum(sum(mul(plan, cost), 1)), entropy), violation };
}

interface Solution {
  /** The coupling, `[N, M]`. */
  readonly plan: Tensor;
  /** What the value has beside ⟨plan, cost⟩. */
  readonly entropy: Scalar;
  readonly violation: Scalar;
}

/** Sinkhorn's iterations in the log domain (Peyré & Cuturi 2019, §4.4), with ε halved from the largest cost down. */
function solve(cost: Tensor2D, epsilon: Scalar, iterations: number): Solution {
  const [n, m] = cost.shape;
  const largest = max<Scalar>(cost);
  let [f, g]: [Tensor, Tensor] = [zeros([n, 1]), zeros([1, m])];
  for (let i = 0; i < iterations; i++) {
    const [nextF, nextG] = scope(() => {
      const e = maximum(epsilon, mul(largest, 0.5 ** i));
      const soft = (potential: Tensor, axis: 0 | 1): Tensor => {
        const sums = logSumExp(div(sub(potential, cost), e), axis);
        return mul(neg(e), expandDims(sub(sums, Math.log(cost.shape[axis])), axis));
      };
      const rows = soft(g, 1);
      return [rows, soft(rows, 0)] as const;
    });
    f.dispose();
    g.dispose();
    [f, g] = [nextF, nextG];
  }
  const plan = div(exp(div(sub(add(f, g), cost), epsilon)), n * m);
  const rows = sum(plan, 1);
  // The dual objective: below OT_ε for any potentials.
  const dual = sub(add(mean<Scalar>(f), mean<Scalar>(g)), mul(epsilon, sub(sum(rows), 1)));
  return {
    plan,
    entropy: sub(dual, sum(sum(mul(plan, cost), 1))),
    violation: sum(abs(sub(rows, 1 / n))),
  };
}
