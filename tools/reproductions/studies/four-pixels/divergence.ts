// KL divergences of samples in the plane from N(0, I), by nearest neighbours.
import { meanLogNearest } from './nearest.js';

/** In nats: the mean over x of KL(q(z|x) ‖ p(z)), and KL(q(z) ‖ p(z)) of their mixture. */
export interface Divergences {
  readonly posterior: number;
  readonly aggregate: number;
}

/** From many points, and from fewer; by how much the two differ at most. */
export interface AtBothSizes extends Divergences {
  readonly small: Divergences;
  readonly disagreement: number;
}

const neighbours = 4;

/** ψ(n) of a whole number n. */
function digamma(n: number): number {
  if (n >= 20) return Math.log(n) - 1 / (2 * n) - 1 / (12 * n * n);
  let sum = -0.5772156649015329;
  for (let i = 1; i < n; i++) sum += 1 / i;
  return sum;
}

/** The entropy in nats of the density that points [n, 2] are drawn from (Kozachenko & Leonenko 1987), k = 4. */
function entropy(points: Float32Array): number {
  const n = points.length / 2;
  const logDisc = Math.log(Math.PI) + 2 * meanLogNearest(points, neighbours);
  return digamma(n) - digamma(neighbours) + logDisc;
}

/** KL(q ‖ N(0, I)) in nats, of points [n, 2] drawn from q. */
function klToStandardNormal(points: Float32Array): number {
  const n = points.length / 2;
  let squares = 0;
  for (let i = 0; i < points.length; i++) squares += points[i]! * points[i]!;
  return Math.log(2 * Math.PI) + squares / (2 * n) - entropy(points);
}

/** Points of several samples as one. */
function together(samples: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(samples.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sample of samples) {
    all.set(sample, at);
    at += sample.length;
  }
  return all;
}

/** Of posteriors q(z|x), from the first `count` points of each. */
function divergences(samples: readonly Float32Array[], count: number): Divergences {
  const first = samples.map((sample) => sample.subarray(0, 2 * count));
  const each = first.map(klToStandardNormal);
  return {
    posterior: each.reduce((a, b) => a + b, 0) / each.length,
    aggregate: klToStandardNormal(together(first)),
  };
}

/** Points for each x: the two sizes that must agree. */
export const sizes: { readonly small: number; readonly large: number } = {
  small: 300_000,
  large: 1_000_000,
};

/** The divergences of posteriors q(z|x), with as many points [n, 2] for each x. */
export function divergencesAtBothSizes(samples: readonly Float32Array[]): AtBothSizes {
  const small = divergences(samples, sizes.small);
  const large = divergences(samples, sizes.large);
  const disagreement = Math.max(
    Math.abs(large.posterior - small.posterior),
    Math.abs(large.aggregate - small.aggregate),
  );
  return { ...large, small, disagreement };
}
