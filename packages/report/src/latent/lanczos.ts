import { fold, key, normal } from '@elbo/random';
import { symmetricEigen, type Eigen } from './eigen.js';

/** Residuals relative to the largest eigenvalue, whose own relative error is then their square: far below what a picture shows. */
const tolerance = 1e-7;
/** Looking at what was found costs more than a step does. */
const between = 20;
/** Beyond these the directions wanted are as good as any in their neighbourhood. */
const mostSteps = 400;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** a + scale · b, in place. */
const add = (a: Float64Array, b: Float64Array, scale: number): void => {
  for (let i = 0; i < a.length; i++) a[i]! += scale * b[i]!;
};

/** What is left of `vector` beside these, which are orthonormal; twice, as one round leaves a remainder of rounding. */
function without(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  for (let round = 0; round < 2; round++)
    for (const direction of basis) add(vector, direction, -dot(vector, direction));
  return vector;
}

/**
 * The `count` largest eigenvalues of a symmetric, positive semidefinite operator on n dimensions, with their vectors, by
 * Lanczos' method with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 10.1 and 10.3): as many products
 * with the operator as it takes until the residuals are negligible, instead of all eigenvectors.
 */
export function largestEigen(
  apply: (vector: Float64Array) => Float64Array,
  n: number,
  count: number,
): Eigen {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  const fresh = (): Float64Array => {
    const drawn = Float64Array.from(normal(fold(key(0), basis.length), n));
    return unit(without(drawn, basis));
  };
  let next = fresh();
  for (;;) {
    basis.push(next);
    const image = apply(next);
    diagonal.push(dot(image, next));
    without(image, basis);
    const norm = Math.sqrt(dot(image, image));
    const steps = basis.length;
    const whole = steps === n || steps === mostSteps;
    if (whole || (steps >= count && steps % between === 0)) {
      const found = ritz(diagonal, beside, count);
      const scale = Math.max(found.values[0]!, Number.MIN_VALUE);
      // The residual of a Ritz vector is the last of its coordinates times what is left.
      const settled = found.vectors.every(
        (vector) => norm * Math.abs(vector.at(-1)!) <= tolerance * scale,
      );
      if (whole || settled) return { values: found.values, vectors: found.vectors.map(lift) };
    }
    // Where the space is exhausted, as by fewer points than dimensions, another direction goes on.
    const exhausted = norm <= Number.EPSILON * Math.max(1e-300, ...diagonal) * n;
    beside.push(exhausted ? 0 : norm);
    next = exhausted ? fresh() : unit(image);
  }

  function lift(coordinates: Float64Array): Float64Array {
    const vector = new Float64Array(n);
    basis.forEach((direction, i) => {
      add(vector, direction, coordinates[i]!);
    });
    return unit(vector);
  }
}

function unit(vector: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / norm);
}

/** The largest eigenvalues of a symmetric tridiagonal matrix. */
function ritz(diagonal: readonly number[], beside: readonly number[], count: number): Eigen {
  const n = diagonal.length;
  const matrix = new Float64Array(n * n);
  diagonal.forEach((value, i) => {
    matrix[i * n + i] = value;
    if (i + 1 < n) matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = beside[i]!;
  });
  const { values, vectors } = symmetricEigen(matrix, n);
  return { values: values.slice(0, count), vectors: vectors.slice(0, count) };
}
