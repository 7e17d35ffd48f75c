import { fold, normal, uniform, type Key } from '@elbo/random';

/** A multivariate t: its centre, and the lower triangle L of its scale matrix L Lᵀ, row-major `[Z, Z]`. */
export interface Student {
  readonly weight: number;
  readonly mean: Float64Array;
  readonly factor: Float64Array;
}

/** A mixture of multivariate t distributions of one number of degrees of freedom, which is even. */
export interface StudentMixture {
  readonly dim: number;
  readonly dof: number;
  readonly components: readonly Student[];
}

/**
 * `count` draws, row-major `[count, Z]`: mean + L ε √(ν/χ²) with ε standard normal and χ² = −2 Σ log u over ν/2 uniforms.
 * In float32, as decoders take them: the density is to be that of the values that are decoded.
 */
export function drawMixture(
  { dim, dof, components }: StudentMixture,
  key: Key,
  count: number,
): Float32Array {
  const noise = normal(fold(key, 'noise'), count * dim);
  const tails = uniform(fold(key, 'tails'), (count * dof) / 2);
  const which = uniform(fold(key, 'which'), count);
  const draws = new Float32Array(count * dim);
  for (let n = 0; n < count; n++) {
    let chi = 0;
    for (let i = 0; i < dof / 2; i++) chi -= 2 * Math.log(1 - tails[(n * dof) / 2 + i]!);
    const stretch = Math.sqrt(dof / chi);
    const { mean, factor } = pick(components, which[n]!);
    for (let i = 0; i < dim; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += factor[i * dim + j]! * noise[n * dim + j]!;
      draws[n * dim + i] = mean[i]! + stretch * sum;
    }
  }
  return draws;
}

function pick(components: readonly Student[], share: number): Student {
  let rest = share;
  for (const component of components) {
    rest -= component.weight;
    if (rest < 0) return component;
  }
  return components.at(-1)!;
}

/** The densities of each component at some z. */
export interface ComponentDensities {
  /** log π_k t_k(z), component-major `[K, N]`. */
  readonly logs: Float64Array;
  /** The squared Mahalanobis distance from each centre, `[K, N]`. */
  readonly distances: Float64Array;
}

/** Of N points, row-major `[N, Z]`. */
export function componentDensities(
  { dim, dof, components }: StudentMixture,
  z: ArrayLike<number>,
): ComponentDensities {
  const count = z.length / dim;
  const logs = new Float64Array(components.length * count);
  const distances = new Float64Array(components.length * count);
  const solved = new Float64Array(dim);
  const constant =
    logGammaOfHalf(dof + dim) - logGammaOfHalf(dof) - 0.5 * dim * Math.log(dof * Math.PI);
  components.forEach(({ weight, mean, factor }, k) => {
    let logDet = 0;
    for (let i = 0; i < dim; i++) logDet += Math.log(factor[i * dim + i]!);
    for (let n = 0; n < count; n++) {
      let distance = 0;
      for (let i = 0; i < dim; i++) {
        let rest = z[n * dim + i]! - mean[i]!;
        for (let j = 0; j < i; j++) rest -= factor[i * dim + j]! * solved[j]!;
        const value = rest / factor[i * dim + i]!;
        solved[i] = value;
        distance += value * value;
      }
      distances[k * count + n] = distance;
      logs[k * count + n] =
        Math.log(weight) + constant - logDet - 0.5 * (dof + dim) * Math.log1p(distance / dof);
    }
  });
  return { logs, distances };
}

/** The log density of N points, row-major `[N, Z]`, in nats. */
export function mixtureLogProb(mixture: StudentMixture, z: ArrayLike<number>): Float64Array {
  return logSums(componentDensities(mixture, z).logs, mixture.components.length);
}

/** log Σ_k exp of values `[K, N]`. */
export function logSums(values: Float64Array, terms: number): Float64Array {
  const count = values.length / terms;
  return Float64Array.from({ length: count }, (_, n) => {
    let largest = -Infinity;
    for (let k = 0; k < terms; k++) largest = Math.max(largest, values[k * count + n]!);
    if (largest === -Infinity) return -Infinity;
    let sum = 0;
    for (let k = 0; k < terms; k++) sum += Math.exp(values[k * count + n]! - largest);
    return largest + Math.log(sum);
  });
}

/** log Γ(n/2) of a whole number n from 1: Γ(x + 1) = x Γ(x), from Γ(½) = √π or Γ(1) = 1. */
function logGammaOfHalf(twice: number): number {
  let sum = twice % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
  for (let x = twice / 2 - 1; x > 0; x--) sum += Math.log(x);
  return sum;
}
