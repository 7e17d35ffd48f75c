import { cholesky, timesTransposed } from './lower_triangle.js';
import {
  componentDensities,
  logSums,
  type Student,
  type StudentMixture,
} from './student_mixture.js';

/** Draws with weights, whatever they were drawn from. */
export interface Weighted {
  /** `[N, Z]`, row-major. */
  readonly z: ArrayLike<number>;
  /** log p(x, z) less the log density of what z was drawn from, `[N]`; −∞ where p is 0. */
  readonly logWeights: Float64Array;
}

/** What draws say of a mixture: weights that sum to 1, and what share of them each component is responsible for. */
interface Responsibilities {
  /** `[K, N]`, all of them together 1; zero where no draw has a weight. */
  readonly shares: Float64Array;
  /** Squared Mahalanobis distances, `[K, N]`. */
  readonly distances: Float64Array;
}

function responsibilities(mixture: StudentMixture, { z, logWeights }: Weighted): Responsibilities {
  const largest = logWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logWeights.map((value) => (value === -Infinity ? 0 : Math.exp(value - largest)));
  const total = weights.reduce((a, b) => a + b, 0);
  const { logs, distances } = componentDensities(mixture, z);
  const sums = logSums(logs, mixture.components.length);
  const count = weights.length;
  const shares = logs.map((value, at) => {
    const weight = weights[at % count]!;
    return weight === 0 ? 0 : (weight / total) * Math.exp(value - sums[at % count]!);
  });
  return { shares, distances };
}

/** Of the components' shares alone. */
export function reweighed(mixture: StudentMixture, weighted: Weighted, steps = 5): StudentMixture {
  let found = mixture;
  for (let step = 0; step < steps; step++) {
    const { shares } = responsibilities(found, weighted);
    const count = weighted.logWeights.length;
    const masses = found.components.map((_, k) =>
      massOf(shares.subarray(k * count, (k + 1) * count)),
    );
    found = withShares(found, masses);
  }
  return found;
}

/**
 * A step of expectation maximisation of Σ w̄ log r(z) in the mixture r, which brings it nearer to the posterior in
 * KL(p ‖ r): the M-PMC update for mixtures of t distributions (Cappé et al. 2008, §4), in which a draw far from a centre
 * counts for less, by (ν + Z)/(ν + d²).
 *
 * A scale matrix has Z(Z + 1)/2 entries, and the effective number of draws may be small: it is drawn towards the one that
 * it replaces, with the weight of 2 Z draws, and the centre with that of one.
 */
export function refitMixture(
  mixture: StudentMixture,
  weighted: Weighted,
  diagonal: boolean,
): StudentMixture {
  const { dim, dof, components } = mixture;
  const count = weighted.logWeights.length;
  const { shares, distances } = responsibilities(mixture, weighted);
  const masses: number[] = [];
  const refitted = components.map((component, k): Student => {
    const own = shares.subarray(k * count, (k + 1) * count);
    const mass = massOf(own);
    masses.push(mass);
    const effective = (mass * mass) / own.reduce((sum, share) => sum + share * share, 0);
    if (!(effective > 1)) return component;
    const pulls = own.map(
      (share, n) => (share * (dof + dim)) / (dof + distances[k * count + n]!) / mass,
    );
    const mean = pulledMean(component.mean, weighted.z, pulls, 1 / (effective + 1));
    const scale = scatterOf(weighted.z, pulls, mean, diagonal);
    const before = timesTransposed(component.factor, component.factor, dim);
    const kept = (2 * dim) / (effective + 2 * dim);
    const mixed = scale.map((value, at) => kept * before[at]! + (1 - kept) * value);
    return { ...component, mean, factor: cholesky(mixed, dim) ?? component.factor };
  });
  return withShares({ dim, dof, components: refitted }, masses);
}

/** One more component, at the draw of the greatest weight and with the first one's shape: there the mixture lacks most. */
export function withComponentAt(
  mixture: StudentMixture,
  { z, logWeights }: Weighted,
): StudentMixture {
  const { dim, components } = mixture;
  const at = logWeights.indexOf(logWeights.reduce((a, b) => Math.max(a, b)));
  const share = 1 / (components.length + 1);
  const added = {
    weight: share,
    mean: Float64Array.from({ length: dim }, (_, i) => z[at * dim + i]!),
    factor: components[0]!.factor,
  };
  const others = components.map((each) => ({ ...each, weight: (1 - share) * each.weight }));
  return { ...mixture, components: [...others, added] };
}

const massOf = (shares: Float64Array): number => shares.reduce((a, b) => a + b, 0);

/** No component vanishes for good: one that no draw of a few found may be needed. */
const leastShare = 0.005;

function withShares(mixture: StudentMixture, masses: readonly number[]): StudentMixture {
  const total = masses.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return mixture;
  const spare = 1 - leastShare * masses.length;
  return {
    ...mixture,
    components: mixture.components.map((component, k) => ({
      ...component,
      weight: leastShare + (spare * masses[k]!) / total,
    })),
  };
}

function pulledMean(
  before: Float64Array,
  z: ArrayLike<number>,
  pulls: Float64Array,
  kept: number,
): Float64Array {
  const dim = before.length;
  const sum = new Float64Array(dim);
  pulls.forEach((pull, n) => {
    for (let i = 0; i < dim; i++) sum[i]! += pull * z[n * dim + i]!;
  });
  const total = massOf(pulls);
  return sum.map((value, i) => kept * before[i]! + ((1 - kept) * value) / total);
}

/** Σ pull (z − mean)(z − mean)ᵀ, `[Z, Z]`, or of a diagonal one only the diagonal. */
function scatterOf(
  z: ArrayLike<number>,
  pulls: Float64Array,
  mean: Float64Array,
  diagonal: boolean,
): Float64Array {
  const dim = mean.length;
  const sum = new Float64Array(dim * dim);
  const off = new Float64Array(dim);
  pulls.forEach((pull, n) => {
    if (pull === 0) return;
    for (let i = 0; i < dim; i++) {
      off[i] = z[n * dim + i]! - mean[i]!;
      for (let j = diagonal ? i : 0; j <= i; j++) sum[i * dim + j]! += pull * off[i]! * off[j]!;
    }
  });
  for (let i = 0; i < dim; i++) for (let j = 0; j < i; j++) sum[j * dim + i] = sum[i * dim + j]!;
  return sum;
}
