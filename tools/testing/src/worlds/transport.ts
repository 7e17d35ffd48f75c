// Distances between samples of which the values are known.
import { mmd2, sinkhornDivergence, type KernelOptions } from '@elbo/objectives';
import { fold, key, normal } from '@elbo/random';
import {
  add,
  matMul,
  mean,
  square,
  sub,
  sum,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

const read = (value: Scalar): number => value.dataSync()[0]!;

/** Φ(x) by its series (Abramowitz & Stegun 26.2.11). */
function normalDistribution(x: number): number {
  let [term, total] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-16; k++) {
    term *= (x * x) / (2 * k + 1);
    total += term;
  }
  return 0.5 + (total * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

/** The `p`-quantile of N(0, 1), by bisection. */
function normalQuantile(p: number): number {
  let [low, high] = [-8, 8];
  while (high - low > 1e-12) {
    const middle = 0.5 * (low + high);
    if (normalDistribution(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

/** OT_ε between N(·, a²) and N(·, b²) of equal means at the cost (x − y)²: Janati et al. 2020, theorem 1, with σ² = ε/2. */
function gaussianTransport(a: number, b: number, epsilon: number): number {
  const s = epsilon / 2;
  const d = Math.sqrt(4 * a * a * b * b + s * s);
  return a * a + b * b - d + s * Math.log(d + s);
}

/** The Sinkhorn divergence between N(0, 1) and N(1, 2²), of which W₂² = 1 + (2 − 1)² = 2. */
export function closedForm(epsilon: number): number {
  const within = gaussianTransport(1, 1, epsilon) + gaussianTransport(2, 2, epsilon);
  return 1 + gaussianTransport(1, 2, epsilon) - 0.5 * within;
}

/** The same between 300 mid-quantiles of each: no sampling. */
export function sinkhornOnQuantiles(
  epsilon: number,
  iterations: number,
): { readonly value: number; readonly violation: number } {
  const n = 300;
  const quantiles = Array.from({ length: n }, (_, i) => normalQuantile((i + 0.5) / n));
  return tidy(() => {
    const x = tensor2d(quantiles, [n, 1]);
    const y = tensor2d(
      quantiles.map((q) => 1 + 2 * q),
      [n, 1],
    );
    const found = sinkhornDivergence(x, y, { epsilon, relative: false, iterations });
    return { value: read(found.value), violation: read(found.violation) };
  });
}

/** The divergence of y = m + A x from x, A symmetric and positive definite, and W₂² = mean ‖y − x‖² (Brenier 1991). */
export function brenierPair(epsilon: number): {
  readonly exact: number;
  readonly value: number;
} {
  return tidy(() => {
    const x = tensor2d(normal(key(7), 300), [100, 3]);
    const stretch = tensor2d([1.2, 0.3, 0, 0.3, 0.9, -0.2, 0, -0.2, 1.4], [3, 3]);
    const y: Tensor2D = add(matMul(x, stretch), tensor2d([0.5, -1, 0.2], [1, 3]));
    return {
      exact: read(mean(sum(square(sub(y, x)), 1))),
      value: read(sinkhornDivergence(x, y, { epsilon }).value),
    };
  });
}

/** Mean and standard error of MMD² over 200 repetitions, of 30 against 20 points in 2 dimensions. */
export function repeatedMmd(
  shift: number,
  options: KernelOptions,
): { readonly mean: number; readonly error: number; readonly least: number } {
  const times = 200;
  const values = Array.from({ length: times }, (_, i) =>
    tidy(() => {
      const at = fold(key(3), i);
      const x = tensor2d(normal(fold(at, 'x'), 60), [30, 2]);
      const y: Tensor2D = add(tensor2d(normal(fold(at, 'y'), 40), [20, 2]), shift);
      return read(mmd2(x, y, options));
    }),
  );
  const middle = values.reduce((a, b) => a + b) / times;
  const variance = values.reduce((a, b) => a + (b - middle) ** 2, 0) / (times - 1);
  return { mean: middle, error: Math.sqrt(variance / times), least: Math.min(...values) };
}
