import { ConfigError } from '@elbo/core';

/** A small dense matrix in double precision, by rows. */
export type Matrix = readonly (readonly number[])[];

/** The inner product of two vectors. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** The transpose. */
export function transpose(a: Matrix): number[][] {
  return a[0]!.map((_, j) => a.map((row) => row[j]!));
}

/** A·Aᵀ·scale + diagonal·I. */
export function gram(a: Matrix, scale: number, diagonal: number): number[][] {
  return a.map((row, i) => a.map((other, j) => scale * dot(row, other) + (i === j ? diagonal : 0)));
}

/**
 * The lower-triangular L with A = L·Lᵀ.
 *
 * @throws ConfigError when A is not positive definite.
 */
export function cholesky(a: Matrix): number[][] {
  const lower = a.map((row) => row.map(() => 0));
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      if (i !== j) lower[i]![j] = sum / lower[j]![j]!;
      else if (sum > 0) lower[i]![i] = Math.sqrt(sum);
      else
        throw new ConfigError(
          `The matrix of size ${a.length} is not positive definite (pivot ${i} is ${sum}).`,
        );
    }
  return lower;
}

/** L⁻¹·b for a lower-triangular L. */
export function solveLower(lower: Matrix, b: readonly number[]): number[] {
  const y: number[] = [];
  b.forEach((value, i) => {
    let sum = value;
    for (let k = 0; k < i; k++) sum -= lower[i]![k]! * y[k]!;
    y.push(sum / lower[i]![i]!);
  });
  return y;
}

/** (L·Lᵀ)⁻¹·b for a lower-triangular L. */
export function solveCholesky(lower: Matrix, b: readonly number[]): number[] {
  const x = solveLower(lower, b);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i]! -= lower[k]![i]! * x[k]!;
    x[i]! /= lower[i]![i]!;
  }
  return x;
}

/** log det(L·Lᵀ) for a lower-triangular L. */
export function logDetCholesky(lower: Matrix): number {
  return lower.reduce((sum, row, i) => sum + 2 * Math.log(row[i]!), 0);
}

/** The eigenvalues of a symmetric matrix, largest first, and their unit eigenvectors, `vectors[i]` for `values[i]`. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: Matrix;
}

/** The eigendecomposition of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, §8.5). */
export function symmetricEigen(a: Matrix): Eigen {
  const n = a.length;
  const m = a.map((row) => [...row]);
  const v = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  const scale = m.flat().reduce((sum, x) => sum + x * x, 0);
  const offDiagonal = (): number =>
    m.reduce((s, row, i) => s + row.reduce((t, x, j) => (i === j ? t : t + x * x), 0), 0);
  // Convergence is quadratic: a handful of sweeps reaches round-off, and 60 are never reached.
  for (let sweep = 0; sweep < 60 && offDiagonal() > 1e-30 * scale; sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(m, v, p, q);
  const order = m.map((_, i) => i).sort((i, j) => m[j]![j]! - m[i]![i]!);
  return { values: order.map((i) => m[i]![i]!), vectors: order.map((i) => v[i]!) };
}

/** The rotation that makes m[p][q] zero, applied to both sides of `m` and to the rows of `v`. */
function rotate(m: number[][], v: number[][], p: number, q: number): void {
  const apq = m[p]![q]!;
  if (apq === 0) return;
  const tau = (m[q]![q]! - m[p]![p]!) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (const row of m) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
  for (const matrix of [m, v]) {
    const [rowP, rowQ] = [matrix[p]!, matrix[q]!];
    matrix[p] = rowP.map((x, k) => c * x - s * rowQ[k]!);
    matrix[q] = rowP.map((x, k) => s * x + c * rowQ[k]!);
  }
}
