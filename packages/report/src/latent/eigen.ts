/** Eigenvalues, largest first, and for each its eigenvector of unit length. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
}

const maxSweeps = 60;

/**
 * Turns rows and columns p and q of a symmetric matrix so that its element (p, q) becomes zero, and
 * the columns of `turns` with them (Golub and Van Loan, Matrix Computations, 8.5.2).
 */
function rotate(a: Float64Array, turns: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  const turnColumns = (m: Float64Array): void => {
    for (let k = 0; k < n; k++) {
      const mp = m[k * n + p]!;
      const mq = m[k * n + q]!;
      m[k * n + p] = c * mp - s * mq;
      m[k * n + q] = s * mp + c * mq;
    }
  };
  turnColumns(a);
  turnColumns(turns);
  for (let k = 0; k < n; k++) {
    const ap = a[p * n + k]!;
    const aq = a[q * n + k]!;
    a[p * n + k] = c * ap - s * aq;
    a[q * n + k] = s * ap + c * aq;
  }
  a[p * n + q] = a[q * n + p] = 0;
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) sum += a[i * n + j]! ** 2;
  return Math.sqrt(sum);
}

/**
 * The eigenvalues and eigenvectors of a symmetric [n, n] matrix, by Jacobi's rotations: exact to
 * rounding also where eigenvalues are close, as in a latent space that matches an isotropic prior.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = matrix.slice();
  const turns = new Float64Array(n * n);
  for (let i = 0; i < n; i++) turns[i * n + i] = 1;
  const tiny = n * Number.EPSILON * Math.sqrt(a.reduce((sum, value) => sum + value ** 2, 0));
  for (let sweep = 0; sweep < maxSweeps && offDiagonal(a, n) > tiny; sweep++)
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, turns, n, p, q);

  const order = Array.from({ length: n }, (_, i) => i);
  order.sort((i, j) => a[j * n + j]! - a[i * n + i]!);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]!),
    vectors: order.map((i) => Float64Array.from({ length: n }, (_, k) => turns[k * n + i]!)),
  };
}
