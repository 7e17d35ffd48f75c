import { DataError, flattenBatch, ShapeError, formatShape, sameShape } from '@elbo/core';
import { add, matMul, mul, square, sub, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { expectFinite } from './estimable.js';

/** How samples lie among data. Neighbourhoods are balls that reach to the k-th nearest other point of the same set. */
export interface SampleComparison {
  /** The share of samples in some row's neighbourhood (Kynkäänniemi et al. 2019, eq. 2): bad samples lower it. */
  readonly precision: number;
  /** The share of rows in some sample's neighbourhood: what the samples leave out lowers it, and outliers raise it. */
  readonly recall: number;
  /**
   * The number of rows in whose neighbourhood a sample lies, as a share of k, on the average (density, Naeem et al. 2020,
   * eq. 4): 1 is expected of samples from the data's own distribution, and more of those that flock to its middle.
   */
  readonly density: number;
  /**
   * The share of rows of data in whose neighbourhood a sample lies (coverage, Naeem et al. 2020, eq. 5): modes that the
   * samples leave out lower it.
   */
  readonly coverage: number;
  /** The coverage that is expected of samples from the data's own distribution. */
  readonly expectedCoverage: number;
  /**
   * The mean squared distance between two samples, as a share of that between two rows of data: 0 of samples that are
   * all alike. Means of p(x|z) vary less than data, which hold the noise of p(x|z) too.
   */
  readonly diversity: number;
}

/**
 * Compares samples with data, `[N, …]` and `[M, …]`, in the space that they are given in: for photographs give features
 * of a network. It holds all distances, on the backend in float32: some thousand rows.
 *
 * @param neighbours k: a row's neighbourhood reaches to its k-th nearest other row.
 * @throws ShapeError when they differ in shape, or there are not more of each than neighbours; DataError when a value is
 * not finite, or all rows of data are the same.
 */
export async function compareSamples(
  samples: Tensor,
  data: Tensor,
  neighbours = 5,
): Promise<SampleComparison> {
  const [n, m] = [samples.shape[0], data.shape[0]];
  if (
    !sameShape(samples.shape.slice(1), data.shape.slice(1)) ||
    Math.min(n, m) <= neighbours ||
    neighbours < 1
  )
    throw new ShapeError(
      `compareSamples: expected ${neighbours + 1} samples and rows of data or more, of one shape, got ${formatShape(samples.shape)} and ${formatShape(data.shape)}.`,
    );
  const [amongData, amongSamples, between] = await Promise.all(
    [
      [data, data],
      [samples, samples],
      [data, samples],
    ].map(([a, b]) => squaredDistances(a!, b!)),
  );
  expectFinite('compareSamples', 'the distance of row of data', amongData!, m);
  expectFinite('compareSamples', 'the distance of sample', amongSamples!, n);
  const spread = meanOffDiagonal(amongData!, m);
  if (!(spread > 0))
    throw new DataError('compareSamples: not estimable, as all rows of data are the same.');
  const ofRow = radii(amongData!, m, neighbours);
  const ofSample = radii(amongSamples!, n, neighbours);
  /** For each sample the rows that it lies near. */
  const nearRows = new Uint32Array(n);
  let [covered, recalled] = [0, 0];
  for (let row = 0; row < m; row++) {
    let [holds, held] = [false, false];
    for (let i = 0; i < n; i++) {
      const distance = between![row * n + i]!;
      if (distance <= ofRow[row]!) {
        holds = true;
        nearRows[i]!++;
      }
      if (distance <= ofSample[i]!) held = true;
    }
    covered += Number(holds);
    recalled += Number(held);
  }
  return {
    precision: nearRows.filter((count) => count > 0).length / n,
    recall: recalled / m,
    density: nearRows.reduce((a, b) => a + b, 0) / (neighbours * n),
    coverage: covered / m,
    expectedCoverage: expectedCoverage(m, n, neighbours),
    diversity: meanOffDiagonal(amongSamples!, n) / spread,
  };
}

/** The squared distance of each point to its k-th nearest other. */
function radii(distances: Float32Array, count: number, k: number): Float32Array {
  return Float32Array.from({ length: count }, (_, row) => {
    const others = distances.slice(row * count, (row + 1) * count);
    others[row] = Infinity;
    return others.sort()[k - 1]!;
  });
}

/**
 * Of n samples and a row's m − 1 others, all of one distribution, every order is as likely: no sample is among the k
 * nearest when all k of these are rows of data.
 */
function expectedCoverage(m: number, n: number, k: number): number {
  let missed = 1;
  for (let i = 0; i < k; i++) missed *= (m - 1 - i) / (m - 1 + n - i);
  return 1 - missed;
}

/** Row-major, `[rows of a, rows of b]`. */
async function squaredDistances(a: Tensor, b: Tensor): Promise<Float32Array> {
  const distances = tidy(() => {
    const [x, y] = [flattenBatch(a), flattenBatch(b)];
    const norms = add(sum(square(x), 1, true), sum(square(y), 1));
    return sub(norms, mul(2, matMul(x, y, false, true)));
  });
  try {
    return await distances.data<'float32'>();
  } finally {
    distances.dispose();
  }
}

function meanOffDiagonal(distances: Float32Array, n: number): number {
  let total = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) if (i !== j) total += distances[i * n + j]!;
  return total / (n * (n - 1));
}
