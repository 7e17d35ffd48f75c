import { key, normal } from '@elbo/random';
import { expect, test } from 'vitest';
import {
  exactLinearGaussian,
  linearGaussian,
  ppca,
  sampleMoments,
  symmetricEigen,
  type Matrix,
  type Rows,
} from '../src/index.js';

const product = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((s, x, k) => s + x * b[k]![j]!, 0)));
const transposed = (a: Matrix): number[][] => a[0]!.map((_, j) => a.map((row) => row[j]!));
const marginal = (weights: Matrix, noise: number): number[][] =>
  product(weights, transposed(weights)).map((row, i) =>
    row.map((x, j) => x + (i === j ? noise * noise : 0)),
  );
const close = (a: Matrix, b: Matrix, digits: number): void => {
  a.forEach((row, i) => {
    row.forEach((x, j) => {
      expect(x).toBeCloseTo(b[i]![j]!, digits);
    });
  });
};

const logNormal = (x: number, mean: number, sd: number): number =>
  -0.5 * Math.log(2 * Math.PI) - Math.log(sd) - 0.5 * ((x - mean) / sd) ** 2;

test('log p(x) and the posterior are what quadrature over one latent gives', () => {
  const world = exactLinearGaussian({
    weights: [[1], [-0.5], [0.7]],
    mean: [0.1, -0.2, 0.3],
    noise: 0.6,
  });
  const x = [0.9, 0.4, -0.3];
  let [mass, first, second] = [0, 0, 0];
  const h = 1e-3;
  for (let z = -9; z <= 9; z += h) {
    const density = Math.exp(
      x.reduce(
        (s, value, i) => s + logNormal(value, world.weights[i]![0]! * z + world.mean[i]!, 0.6),
        logNormal(z, 0, 1),
      ),
    );
    mass += h * density;
    first += h * density * z;
    second += h * density * z * z;
  }
  // The trapezium rule is exact to round-off for such smooth, decaying functions.
  expect(world.logProb(x)).toBeCloseTo(Math.log(mass), 10);
  expect(world.posterior(x).mean[0]).toBeCloseTo(first / mass, 10);
  expect(world.posterior(x).covariance[0]![0]).toBeCloseTo(second / mass - (first / mass) ** 2, 10);
  expect(world.diagonalGap).toBeCloseTo(0, 12);
});

test('log p(x) is what quadrature over two latents gives, and the diagonal gap is the least of a KL', () => {
  const weights = [
    [1, 0.3],
    [0.5, -0.8],
    [0.2, 0.9],
  ];
  const world = exactLinearGaussian({ weights, mean: [0, 0, 0], noise: 0.7 });
  const x = [0.5, -1, 0.8];
  const h = 0.02;
  let mass = 0;
  for (let a = -7; a <= 7; a += h)
    for (let b = -7; b <= 7; b += h)
      mass +=
        h *
        h *
        Math.exp(
          x.reduce(
            (s, value, i) => s + logNormal(value, weights[i]![0]! * a + weights[i]![1]! * b, 0.7),
            logNormal(a, 0, 1) + logNormal(b, 0, 1),
          ),
        );
  expect(world.logProb(x)).toBeCloseTo(Math.log(mass), 8);

  const { covariance } = world.posterior(x);
  const det = covariance[0]![0]! * covariance[1]![1]! - covariance[0]![1]! ** 2;
  const precision = [covariance[1]![1]! / det, covariance[0]![0]! / det];
  const kl = (v: readonly number[]): number =>
    0.5 *
    (precision[0]! * v[0]! + precision[1]! * v[1]! - 2 + Math.log(det) - Math.log(v[0]! * v[1]!));
  const best = precision.map((p) => 1 / p);
  expect(world.diagonalGap).toBeCloseTo(kl(best), 12);
  expect(world.diagonalGap).toBeGreaterThan(1e-4);
  for (const factor of [0.9, 1.1])
    expect(kl([best[0]! * factor, best[1]!])).toBeGreaterThan(world.diagonalGap);
});

test('drawn rows have the model’s moments, and their mean log p(x) is minus the entropy', () => {
  const data = linearGaussian({ size: 40_000, seed: 2, mean: [1, 2, 3, 4] });
  const { x } = data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(0),
  ) as Rows;
  const { mean, covariance } = sampleMoments(x, 4);
  const truth = marginal(data.exact.weights, data.exact.noise);
  // Five standard errors: of a mean, and of a Gaussian covariance, √((CᵢᵢCⱼⱼ + Cᵢⱼ²)/N).
  mean.forEach((m, i) => {
    expect(Math.abs(m - (i + 1))).toBeLessThan(5 * Math.sqrt(truth[i]![i]! / data.size));
  });
  covariance.forEach((row, i) => {
    row.forEach((c, j) => {
      const error = Math.sqrt((truth[i]![i]! * truth[j]![j]! + truth[i]![j]! ** 2) / data.size);
      expect(Math.abs(c - truth[i]![j]!)).toBeLessThan(5 * error);
    });
  });
  // log p(x) has variance D/2.
  expect(Math.abs(data.exact.meanLogProb(x) + data.exact.entropy)).toBeLessThan(
    5 * Math.sqrt(2 / data.size),
  );
});

test('the eigendecomposition rebuilds its matrix, with orthonormal vectors and falling values', () => {
  for (const n of [1, 2, 5, 12]) {
    const g = normal(key(n), n * n);
    const a = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (__, j) => g[i * n + j]! + g[j * n + i]!),
    );
    const { values, vectors } = symmetricEigen(a);
    close(
      product(vectors, transposed(vectors)),
      a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0))),
      12,
    );
    close(
      product(
        transposed(vectors),
        vectors.map((row, i) => row.map((x) => x * values[i]!)),
      ),
      a,
      12,
    );
    expect([...values].sort((p, q) => q - p)).toEqual(values);
  }
  const { values } = symmetricEigen([
    [2, 1],
    [1, 2],
  ]);
  expect(values[0]).toBeCloseTo(3, 14);
  expect(values[1]).toBeCloseTo(1, 14);
});

const rowsOf = (size: number, seed: number): Float32Array => {
  const data = linearGaussian({ size, seed });
  return (
    data.read(
      Uint32Array.from({ length: size }, (_, i) => i),
      key(0),
    ) as Rows
  ).x;
};

test('with D − 1 latents pPCA models the sample covariance exactly', () => {
  const x = rowsOf(500, 3);
  const fitted = ppca(x, { dimension: 4, latent: 3 });
  close(marginal(fitted.weights, fitted.noise), sampleMoments(x, 4).covariance, 12);
});

test('pPCA reports its own likelihood, above the truth’s and that of every neighbour', () => {
  const x = rowsOf(500, 4);
  const fitted = ppca(x, { dimension: 4, latent: 2 });
  expect(fitted.meanLogProb(x)).toBeCloseTo(fitted.logLikelihood, 10);
  const truth = linearGaussian({ size: 1 }).exact;
  expect(fitted.logLikelihood).toBeGreaterThan(truth.meanLogProb(x));
  const at = (step: number, which: number, noise = 0, mean = 0): number =>
    exactLinearGaussian({
      weights: fitted.weights.map((row, i) =>
        row.map((w, k) => w + (2 * i + k === which ? step : 0)),
      ),
      mean: fitted.mean.map((m) => m + mean),
      noise: fitted.noise + noise,
    }).meanLogProb(x);
  const h = 1e-4;
  for (let which = 0; which < 8; which++) {
    // A stationary point: central differences vanish to their own order, h².
    expect(Math.abs(at(h, which) - at(-h, which)) / (2 * h)).toBeLessThan(1e-6);
    expect(at(0.05, which)).toBeLessThan(fitted.logLikelihood);
  }
  expect(Math.abs(at(0, -1, h) - at(0, -1, -h)) / (2 * h)).toBeLessThan(1e-6);
  expect(Math.abs(at(0, -1, 0, h) - at(0, -1, 0, -h)) / (2 * h)).toBeLessThan(1e-6);
  // Orthogonal columns: the posterior is diagonal.
  expect(fitted.diagonalGap).toBeCloseTo(0, 12);
});

test('degenerate data and parameters are refused in words', () => {
  const line = Float32Array.from({ length: 30 }, (_, i) => Math.floor(i / 3) * ((i % 3) + 1));
  expect(() => ppca(line, { dimension: 3, latent: 1 })).toThrow(/unbounded/);
  expect(() => ppca(line, { dimension: 3, latent: 3 })).toThrow(/fewer/);
  expect(() => ppca(line, { dimension: 7, latent: 1 })).toThrow(/whole number of rows/);
  expect(() => exactLinearGaussian({ weights: [[1], [2, 3]], mean: [0, 0], noise: 1 })).toThrow(
    /equal length/,
  );
  expect(() => exactLinearGaussian({ weights: [[], []], mean: [0, 0], noise: 1 })).toThrow(
    /equal length/,
  );
  expect(() => exactLinearGaussian({ weights: [[1], [2]], mean: [0, 0], noise: 0 })).toThrow(
    /positive/,
  );
});
