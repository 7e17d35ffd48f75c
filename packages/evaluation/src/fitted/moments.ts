/** A mean and a covariance `[Z, Z]`, row-major. */
export interface Moments {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Of points `[N, Z]`, N ≥ 2, in doubles. */
export function momentsOf(z: ArrayLike<number>, dim: number): Moments {
  const count = z.length / dim;
  const mean = new Float64Array(dim);
  const covariance = new Float64Array(dim * dim);
  for (let n = 0; n < count; n++) for (let i = 0; i < dim; i++) mean[i]! += z[n * dim + i]! / count;
  for (let n = 0; n < count; n++)
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++)
        covariance[i * dim + j]! +=
          ((z[n * dim + i]! - mean[i]!) * (z[n * dim + j]! - mean[j]!)) / (count - 1);
  return { mean, covariance };
}

/** Up to so many dimensions covariances are full; beyond, they are diagonal. */
export const fullUpTo = 32;

/**
 * The moments with variances of at least `least`, and off-diagonals shrunk as few draws for the dimension want it; beyond 32
 * dimensions there are none.
 */
export function shrunk({ mean, covariance }: Moments, count: number, least: Float64Array): Moments {
  const dim = mean.length;
  // Ledoit & Wolf's idea at a fixed rate.
  const kept = dim > fullUpTo ? 0 : count / (count + 2 * dim);
  return {
    mean,
    covariance: covariance.map((value, at) => {
      const [i, j] = [Math.floor(at / dim), at % dim];
      return i === j ? Math.max(value, least[i]!) : kept * value;
    }),
  };
}
