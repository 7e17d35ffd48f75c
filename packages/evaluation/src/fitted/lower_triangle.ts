/**
 * The lower triangle L of a symmetric matrix L Lᵀ, both row-major `[Z, Z]`, of which the lower half is read; undefined
 * unless it is positive definite.
 */
export function cholesky(matrix: Float64Array, dim: number): Float64Array | undefined {
  const lower = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++)
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * dim + j]!;
      for (let k = 0; k < j; k++) rest -= lower[i * dim + k]! * lower[j * dim + k]!;
      if (i > j) lower[i * dim + j] = rest / lower[j * dim + j]!;
      // What rounding alone leaves of a pivot is no information; and NaN is not above it.
      else if (rest > 1e-12 * Math.abs(matrix[i * dim + i]!)) lower[i * dim + i] = Math.sqrt(rest);
      else return undefined;
    }
  return lower;
}

/** L⁻¹ of a lower triangle L, row-major `[Z, Z]`, by forward substitution. */
export function inverseOfLower(lower: Float64Array, dim: number): Float64Array {
  const inverse = new Float64Array(dim * dim);
  for (let column = 0; column < dim; column++)
    for (let i = column; i < dim; i++) {
      let rest = i === column ? 1 : 0;
      for (let k = column; k < i; k++) rest -= lower[i * dim + k]! * inverse[k * dim + column]!;
      inverse[i * dim + column] = rest / lower[i * dim + i]!;
    }
  return inverse;
}

/** A Bᵀ of matrices `[Z, Z]`, row-major. */
export function timesTransposed(a: Float64Array, b: Float64Array, dim: number): Float64Array {
  const product = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < dim; j++) {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += a[i * dim + k]! * b[j * dim + k]!;
      product[i * dim + j] = sum;
    }
  return product;
}

/** A matrix `[Z, Z]`, row-major, times a vector. */
export function timesVector(matrix: Float64Array, vector: Float64Array): Float64Array {
  const dim = vector.length;
  return vector.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < dim; j++) sum += matrix[i * dim + j]! * vector[j]!;
    return sum;
  });
}

/** The transpose of a matrix `[Z, Z]`, row-major. */
export function transposed(matrix: Float64Array, dim: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % dim) * dim + Math.floor(at / dim)]!);
}
