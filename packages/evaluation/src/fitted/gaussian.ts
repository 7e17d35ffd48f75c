import { bernoulli, fold, normal, type Key } from '@elbo/random';
import {
  cholesky,
  inverseOfLower,
  timesTransposed,
  timesVector,
  transposed,
} from './lower_triangle.js';
import { fullUpTo, type Moments } from './moments.js';
import type { Target } from './target.js';

/** How the steps of a kind are taken. */
interface Stride {
  /** How far from the mean the points are, in √Z standard deviations. */
  readonly radius: number;
  /** How much of the step is taken. */
  readonly share: number;
  /** A precision falls to no less than this share of itself: an encoder may be sure of the wrong thing. */
  readonly least: number;
  /** How far the mean goes at most, in standard deviations. */
  readonly longest: number;
}

/** Steps uphill, with points at one standard deviation; then some at √Z of them, where a normal has its mass. */
const near = 3;
const far = 5;
const strideOf = (step: number, dim: number): Stride =>
  step < near
    ? { radius: 1 / Math.sqrt(dim), share: 1, least: 1e-3, longest: Infinity }
    : { radius: 1, share: 1 / Math.max(1, step - near), least: 0.1, longest: 2 };
/** Shares of the mean's way uphill that are tried. */
const shares = [0, 1, 0.5, 0.25, 0.1];

/**
 * The normal nearest to the posterior of each row in KL(q ‖ p), nearly: fixed-point steps of Gaussian variational
 * inference, Σ⁻¹ = −E_q ∂²log p(x, z) and μ ← μ + Σ E_q ∂log p(x, z) (Opper & Archambeau 2009). Both expectations are of
 * gradients at the points of a cubature rule, μ ± √Z L r_k over the columns of a random rotation (Arasaratnam & Haykin 2009): the
 * curvature is an average over where the mass is, as at its mode a decoder with kinks has none. Later steps
 * count for less, so that rotations average.
 *
 * Cost: 16 Z gradients of the decoder a row, 512 beyond 32 dimensions.
 *
 * @param start One for each row.
 * @param keys Of each row.
 */
export async function gaussianFit(
  target: Target,
  start: readonly Moments[],
  keys: readonly Key[],
): Promise<readonly Moments[]> {
  let at = start;
  for (let step = 0; step < near + far; step++) {
    const noise = keys.map((key) => fold(fold(key, 'rotation'), step));
    const after = await stepped(target, at, noise, strideOf(step, target.dim));
    at = step < near ? await uphill(target, at, after) : after;
  }
  return at;
}

/** The moments after a fixed-point step. */
async function stepped(
  target: Target,
  at: readonly Moments[],
  keys: readonly Key[],
  { radius, share, least, longest }: Stride,
): Promise<readonly Moments[]> {
  const { dim } = target;
  const factors = at.map(({ covariance }) => cholesky(covariance, dim)!);
  const directions = keys.map((key) => directionsOf(key, dim));
  const count = directions[0]!.length;
  const points = new Float32Array(at.length * count * 2 * dim);
  at.forEach(({ mean }, row) => {
    directions[row]!.forEach((direction, k) => {
      const off = timesVector(factors[row]!, direction);
      for (let i = 0; i < dim; i++) {
        const place = (row * count + k) * 2 * dim + i;
        points[place] = mean[i]! + radius * off[i]!;
        points[place + dim] = mean[i]! - radius * off[i]!;
      }
    });
  });
  const rows = at.map((_, row) => row);
  const { gradient } = await target.slopesAt(points, rows);
  return at.map(({ mean }, row) => {
    const factor = factors[row]!;
    const pull = transposed(factor, dim);
    const slope = new Float64Array(dim);
    const curvature = new Float64Array(dim * dim);
    directions[row]!.forEach((direction, k) => {
      const place = (row * count + k) * 2 * dim;
      const [ahead, behind] = [
        timesVector(pull, gradient.subarray(place, place + dim)),
        timesVector(pull, gradient.subarray(place + dim, place + 2 * dim)),
      ];
      for (let i = 0; i < dim; i++) {
        slope[i]! += (ahead[i]! + behind[i]!) / (2 * count);
        const change = (behind[i]! - ahead[i]!) / (2 * count * radius);
        for (let j = 0; j < dim; j++) curvature[i * dim + j]! += change * direction[j]!;
      }
    });
    const half = halfInverse(curvature, dim, share, least);
    // Σ = (L H)(L H)ᵀ, of H Hᵀ the inverse of the new precision in units of the old.
    const root = timesTransposed(factor, transposed(half, dim), dim);
    const whitened = timesVector(transposed(half, dim), finite(slope));
    const length = Math.hypot(...whitened);
    const stride = share * Math.min(1, longest / length || 0);
    const move = timesVector(root, whitened);
    return {
      mean: mean.map((value, i) => value + stride * move[i]!),
      covariance: timesTransposed(root, root, dim),
    };
  });
}

/** As far along each move as log p(x, z) is greatest. */
async function uphill(
  target: Target,
  before: readonly Moments[],
  after: readonly Moments[],
): Promise<readonly Moments[]> {
  const tried = before.map(({ mean }, row) =>
    shares.map((share) => mean.map((value, i) => value + share * (after[row]!.mean[i]! - value))),
  );
  const flat = Float32Array.from(tried.flatMap((means) => means.flatMap((mean) => [...mean])));
  const rows = before.map((_, row) => row);
  const { joint } = await target.at(flat, rows);
  return after.map(({ covariance }, row) => {
    const values = joint.subarray(row * shares.length, (row + 1) * shares.length);
    return {
      mean: tried[row]![values.indexOf(values.reduce((a, b) => Math.max(a, b)))]!,
      covariance,
    };
  });
}

/**
 * Vectors of length √Z whose outer products average to the identity: the columns of a random rotation, exactly, or beyond
 * 32 dimensions signs, in expectation.
 */
function directionsOf(key: Key, dim: number): readonly Float64Array[] {
  if (dim > fullUpTo) {
    const signs = bernoulli(key, 0.5, fullUpTo * dim);
    return Array.from({ length: fullUpTo }, (_, k) =>
      Float64Array.from({ length: dim }, (__, i) => 2 * signs[k * dim + i]! - 1),
    );
  }
  const noise = normal(key, dim * dim);
  const made: Float64Array[] = [];
  for (let k = 0; k < dim; k++) {
    const vector = Float64Array.from(noise.subarray(k * dim, (k + 1) * dim));
    // Twice, as once leaves what rounding adds.
    for (const other of [...made, ...made]) {
      const along = dot(vector, other) / dim;
      for (let i = 0; i < dim; i++) vector[i]! -= along * other[i]!;
    }
    const stretch = Math.sqrt(dim / dot(vector, vector));
    made.push(vector.map((value) => stretch * value));
  }
  return made;
}

/**
 * H with H Hᵀ = P⁻¹, of the precision P = (1 − share) I + share C in which C is a curvature, made symmetric; beyond 32
 * dimensions only its diagonal. Where it is not positive definite, as between two modes, it gets as much more of I as it takes.
 */
function halfInverse(
  curvature: Float64Array,
  dim: number,
  share: number,
  least: number,
): Float64Array {
  const mixed = finite(curvature).map((value, at, all) => {
    const [i, j] = [Math.floor(at / dim), at % dim];
    if (dim > fullUpTo && i !== j) return 0;
    return (share * (value + all[j * dim + i]!)) / 2 + (i === j ? 1 - share : 0);
  });
  const withMore = (more: number): Float64Array =>
    mixed.map((value, at) => (at % (dim + 1) === 0 ? value + more : value));
  for (let more = 0; ; more = 2 * more + 0.05)
    if (cholesky(withMore(more - least), dim))
      return transposed(inverseOfLower(cholesky(withMore(more), dim)!, dim), dim);
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Where there is no density, there is no gradient. */
const finite = (values: Float64Array): Float64Array =>
  values.every(Number.isFinite) ? values : values.map(() => 0);
