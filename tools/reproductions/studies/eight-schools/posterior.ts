// The posterior of the Eight Schools in doubles: its density, its integrals by quadrature, exact draws.
//   θ_j = μ + τ η_j, y_j ~ N(θ_j, σ_j); μ, τ, η_j ~ N(0, 1); a point is (μ, τ, η_1, …, η_8).
import type { Points } from '@elbo/evaluation';
import { fold, normal, uniform, type Key } from '@elbo/random';

/** The estimated effects and their standard errors, in tens of points (Mescheder, Nowozin & Geiger 2017, §6.1). */
export const effects: readonly number[] = [2.8, 0.8, -0.3, 0.7, -0.1, 0.1, 1.8, 1.2];
export const errors: readonly number[] = [0.8, 0.5, 0.8, 0.6, 0.5, 0.6, 0.5, 0.4];
export const dim: number = 2 + effects.length;

/** What quadrature says of the posterior. */
export interface Exact {
  readonly logEvidence: number;
  readonly muMean: number;
  readonly muSd: number;
  readonly tauAbsolute: number;
  readonly tauSd: number;
  readonly tauMode: number;
}

const logNormal = (value: number, mean: number, variance: number): number =>
  -0.5 * (Math.log(2 * Math.PI * variance) + (value - mean) ** 2 / variance);

/** log p(y, z) in nats at a point z. */
export function logJoint(z: Float32Array | Float64Array): number {
  const [mu, tau, ...eta] = [...z] as [number, number, ...number[]];
  return eta.reduce(
    (sum, e, j) => sum + logNormal(e, 0, 1) + logNormal(effects[j]!, mu + tau * e, errors[j]! ** 2),
    logNormal(mu, 0, 1) + logNormal(tau, 0, 1),
  );
}

/** log p(y, μ, τ): each η_j is integrated out, y_j ~ N(μ, σ_j² + τ²). */
function logMarginal(mu: number, tau: number): number {
  return effects.reduce(
    (sum, y, j) => sum + logNormal(y, mu, errors[j]! ** 2 + tau * tau),
    logNormal(mu, 0, 1) + logNormal(tau, 0, 1),
  );
}

/** η_j given (μ, τ) is a normal: its mean and standard deviation. */
function effectGiven(
  j: number,
  mu: number,
  tau: number,
): { readonly mean: number; readonly sd: number } {
  const variance = errors[j]! ** 2 + tau * tau;
  return { mean: (tau * (effects[j]! - mu)) / variance, sd: errors[j]! / Math.sqrt(variance) };
}

/** The means of all η_j given (μ, τ). */
export const effectsAt = (mu: number, tau: number): readonly number[] =>
  effects.map((_, j) => effectGiven(j, mu, tau).mean);

/** The way from a point to (μ, τ, u_1, …, u_8) with u_j ~ N(0, 1) independent of all else under the posterior. */
export function toIndependent(point: ArrayLike<number>): {
  readonly point: readonly number[];
  readonly logDeterminant: number;
} {
  const [mu, tau] = [point[0]!, point[1]!];
  const image = [mu, tau];
  let logDeterminant = 0;
  for (let j = 0; j < effects.length; j++) {
    const { mean, sd } = effectGiven(j, mu, tau);
    image.push((point[2 + j]! - mean) / sd);
    logDeterminant -= Math.log(sd);
  }
  return { point: image, logDeterminant };
}

/** Cells over μ and τ, [−5, 5]² as the prior has 1e-6 outside, and the data less. */
const reach = 5;
const cells = 1000;
const width = (2 * reach) / cells;
const middle = (i: number): number => -reach + (i + 0.5) * width;

/** exp(log p(y, μ, τ) + 12) at the middles of all cells, a μ after the other. */
function gridOf(): Float64Array {
  const masses = new Float64Array(cells * cells);
  for (let i = 0; i < cells; i++)
    for (let j = 0; j < cells; j++)
      masses[i * cells + j] = Math.exp(logMarginal(middle(i), middle(j)) + 12);
  return masses;
}

/** The exact quantities of the posterior, by the midpoint rule. */
export function quadrature(): Exact {
  const masses = gridOf();
  const total = masses.reduce((a, b) => a + b, 0);
  const mean = (f: (mu: number, tau: number) => number): number =>
    masses.reduce(
      (sum, m, at) => sum + m * f(middle(Math.floor(at / cells)), middle(at % cells)),
      0,
    ) / total;
  const ofTau = Array.from({ length: cells }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < cells; i++) sum += masses[i * cells + j]!;
    return sum;
  });
  const mu = mean((m) => m);
  return {
    logEvidence: Math.log(total * width * width) - 12,
    muMean: mu,
    muSd: Math.sqrt(mean((m) => (m - mu) ** 2)),
    tauAbsolute: mean((_, t) => Math.abs(t)),
    tauSd: Math.sqrt(mean((_, t) => t * t)),
    tauMode: Math.abs(middle(ofTau.indexOf(Math.max(...ofTau)))),
  };
}

/** Exact draws: a cell and a place in it, then each η_j given (μ, τ). */
export function exactDraws(key: Key, count: number): Points {
  const sums = gridOf();
  for (let at = 1; at < sums.length; at++) sums[at]! += sums[at - 1]!;
  const chances = uniform(fold(key, 'cells'), 2 * count);
  const places = uniform(fold(key, 'places'), 2 * count);
  const noise = normal(fold(key, 'effects'), 2 * count * effects.length);
  const values = new Float64Array(count * dim);
  for (let row = 0; row < count; row++) {
    // Two draws in 2⁻²⁴: one alone has too few values for as many cells.
    const at = indexOf(sums, (chances[2 * row]! + chances[2 * row + 1]! * 2 ** -24) * sums.at(-1)!);
    const mu = middle(Math.floor(at / cells)) + (places[2 * row]! - 0.5) * width;
    const tau = middle(at % cells) + (places[2 * row + 1]! - 0.5) * width;
    values[row * dim] = mu;
    values[row * dim + 1] = tau;
    for (let j = 0; j < effects.length; j++) {
      const { mean, sd } = effectGiven(j, mu, tau);
      // Noise in float32 coincides now and then; the second draw adds digits.
      const at = (half: 0 | 1): number => noise[(half * count + row) * effects.length + j]!;
      values[row * dim + 2 + j] = mean + sd * (at(0) + 1e-7 * at(1));
    }
  }
  return { values, dim };
}

/** The first place whose running sum exceeds a value. */
function indexOf(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const half = (low + high) >> 1;
    if (sums[half]! > value) high = half;
    else low = half + 1;
  }
  return low;
}
