/**
 * The eigenvalues of a symmetric matrix `[n, n]`, flat, in no order: by Householder's reduction to three diagonals and
 * the QL algorithm (Golub & Van Loan, §8.3). Without eigenvectors it takes about 4/3 n³ multiplications, where
 * `symmetricEigen` of `@elbo/datasets`, which has them, takes many times as many.
 */
export function eigenvalues(matrix: Float64Array, n: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix.slice(), n);
  return byQl(diagonal, beside);
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `[n]`; the last is 0. */
  readonly beside: Float64Array;
}

/** The same eigenvalues on three diagonals; it overwrites the matrix. */
function tridiagonal(a: Float64Array, n: number): Tridiagonal {
  const beside = new Float64Array(n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k + 1 < n; k++) {
    let square = 0;
    for (let i = k + 1; i < n; i++) square += (v[i] = a[i * n + k]!) ** 2;
    // A reflection that takes the column below the diagonal to its first place.
    const length = v[k + 1]! > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    beside[k] = length;
    v[k + 1]! -= length;
    const scale = square - length * (v[k + 1]! + length);
    if (scale === 0) continue;
    let inner = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      w[i] = sum / scale;
      inner += w[i]! * v[i]!;
    }
    const half = inner / (2 * scale);
    for (let i = k + 1; i < n; i++) w[i]! -= half * v[i]!;
    for (let i = k + 1; i < n; i++)
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * (n + 1)]!), beside };
}

/** QL with implicit shifts; it overwrites both diagonals, and the first becomes the eigenvalues. */
function byQl(d: Float64Array, e: Float64Array): Float64Array {
  const n = d.length;
  const negligible = (i: number): boolean =>
    Math.abs(e[i]!) <= Number.EPSILON * (Math.abs(d[i]!) + Math.abs(d[i + 1]!));
  for (let first = 0; first < n; first++) {
    // Two or three rounds an eigenvalue are usual, and 60 are never reached.
    for (let round = 0; round < 60; round++) {
      let last = first;
      while (last + 1 < n && !negligible(last)) last++;
      if (last === first) break;
      const ratio = (d[first + 1]! - d[first]!) / (2 * e[first]!);
      const root = Math.hypot(ratio, 1);
      let g = d[last]! - d[first]! + e[first]! / (ratio + (ratio < 0 ? -root : root));
      let [sine, cosine, shift] = [1, 1, 0];
      let i = last - 1;
      for (; i >= first; i--) {
        const f = sine * e[i]!;
        const b = cosine * e[i]!;
        const r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= shift;
          break;
        }
        sine = f / r;
        cosine = g / r;
        const behind = d[i + 1]! - shift;
        const turned = (d[i]! - behind) * sine + 2 * cosine * b;
        shift = sine * turned;
        d[i + 1] = behind + shift;
        g = cosine * turned - b;
      }
      if (i < first) {
        d[first]! -= shift;
        e[first] = g;
      }
      e[last] = 0;
    }
  }
  return d;
}
