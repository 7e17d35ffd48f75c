import { scope } from '@elbo/gradients';
import { logSumExp } from '@elbo/ops';
import {
  abs,
  add,
  dispose,
  div,
  exp,
  expandDims,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  sub,
  sum,
  transpose,
  zeros,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** Potentials of rows `[N, 1]` and of columns `[1, M]`. */
export type Potentials = readonly [f: Tensor, g: Tensor];

/** Entropic optimal transport between even weights, as its potentials have it. */
export interface Transport {
  /** The coupling, `[N, M]`. */
  readonly plan: Tensor;
  /** The dual objective: below OT_ε whatever the potentials are. */
  readonly dual: Scalar;
  /** Σ |row sums − 1/N|, or the same of columns, whichever is more. */
  readonly violation: Scalar;
}

/** The most updates of a symmetric problem: they leave 2⁻²⁰ of the error. */
const symmetricUpdates = 20;
/** κ: an update goes this share of its step beyond the optimum; little at first, when that only swings. */
const relaxation = (iteration: number): number => Math.min(0.8, iteration / (iteration + 5));
/** c: the step, in units of ε, beyond which it goes no further for it. */
const longest = 0.6;

/** The potential of one side that is best given the other's (Peyré & Cuturi 2019, eq. 4.40). */
function best(potential: Tensor, cost: Tensor2D, epsilon: Scalar, axis: 0 | 1): Tensor {
  const sums = logSumExp(div(sub(potential, cost), epsilon), axis);
  return mul(neg(epsilon), expandDims(sub(sums, Math.log(cost.shape[axis])), axis));
}

/** Repeats an update and frees what it replaces. */
function repeated<T extends readonly Tensor[]>(
  start: T,
  times: number,
  update: (at: T, iteration: number) => T,
): T {
  let at = start;
  for (let i = 0; i < times; i++) {
    const next = scope(() => update(at, i));
    if (i > 0) dispose([...at]);
    at = next;
  }
  return at;
}

/**
 * The potential of transport from points to themselves, `[N, 1]`: by symmetry one. Going half of the way to its optimum
 * (Feydy et al. 2019, §3.1, after Knight et al. 2014) at least halves a small error each time, as the kernel e^(−cost/ε) is
 * positive definite; alternating updates may take thousands where ε is small.
 */
export function symmetricPotential(cost: Tensor2D, epsilon: Scalar, iterations: number): Tensor {
  const start: readonly [Tensor] = [zeros([cost.shape[0], 1])];
  const [f] = repeated(start, Math.min(iterations, symmetricUpdates), ([f]) => [
    mul(0.5, add(f, best(transpose(f), cost, epsilon, 1))),
  ]);
  return f;
}

/**
 * The potentials of transport between two sets of points, by over-relaxed updates (Thibault et al. 2021) from given ones.
 *
 * Where its optimum is δ ε away, a potential moves by (δ + κ min(δ, c)) ε. That never lowers the dual objective while
 * (1 + κ) c − e^(κ c) + e^(−c) ≥ 0, which is so up to κ = 0.8; the whole of κ δ would diverge from a poor start.
 */
export function potentialsBetween(
  cost: Tensor2D,
  epsilon: Scalar,
  iterations: number,
  start: Potentials,
): Potentials {
  const limit = mul(longest, epsilon);
  const beyond = (at: Tensor, optimum: Tensor, share: number): Tensor =>
    add(optimum, mul(share, minimum(sub(optimum, at), limit)));
  const [, near] = repeated(start, iterations - 1, ([f, g], iteration) => {
    const share = relaxation(iteration);
    const rows = beyond(f, best(g, cost, epsilon, 1), share);
    return [rows, beyond(g, best(rows, cost, epsilon, 0), share)];
  });
  // The last update ends at the optimum: columns are exact.
  const f = best(near, cost, epsilon, 1);
  return [f, best(f, cost, epsilon, 0)];
}

/** The transport that potentials describe. */
export function transportOf([f, g]: Potentials, cost: Tensor2D, epsilon: Scalar): Transport {
  const [n, m] = cost.shape;
  const plan = div(exp(div(sub(add(f, g), cost), epsilon)), n * m);
  const [rows, columns] = [sum(plan, 1), sum(plan, 0)];
  const missing = (sums: Tensor, count: number): Scalar => sum(abs(sub(sums, 1 / count)));
  return {
    plan,
    dual: sub(add(mean<Scalar>(f), mean<Scalar>(g)), mul(epsilon, sub(sum(rows), 1))),
    violation: maximum(missing(rows, n), missing(columns, m)),
  };
}
