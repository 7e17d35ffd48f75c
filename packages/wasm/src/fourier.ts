// Discrete Fourier transforms in double precision.

/** Complex numbers: their real and imaginary parts. */
export interface Complexes {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

const room = (n: number): Complexes => ({
  real: new Float64Array(n),
  imaginary: new Float64Array(n),
});

/** The smallest factor of n, which is above 1. */
function smallestFactor(n: number): number {
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return factor;
  return n;
}

/** e^{2πi k/n} for every k below n, or their conjugates. */
function rootsOfUnity(n: number, conjugate: boolean): Complexes {
  const roots = room(n);
  for (let k = 0; k < n; k++) {
    const angle = (2 * Math.PI * k) / n;
    roots.real[k] = Math.cos(angle);
    roots.imaginary[k] = conjugate ? -Math.sin(angle) : Math.sin(angle);
  }
  return roots;
}

/** The transform of x, whose length is that of the roots divided by `step`. */
function transform(x: Complexes, roots: Complexes, step: number): Complexes {
  const n = x.real.length;
  if (n <= 1) return x;
  const factor = smallestFactor(n);
  const length = n / factor;
  const result = room(n);
  for (let remainder = 0; remainder < factor; remainder++) {
    const part = room(length);
    for (let k = 0; k < length; k++) {
      part.real[k] = x.real[k * factor + remainder]!;
      part.imaginary[k] = x.imaginary[k * factor + remainder]!;
    }
    const { real, imaginary } = transform(part, roots, step * factor);
    for (let j = 0; j < n; j++) {
      const root = ((j * remainder) % n) * step;
      const [cos, sin] = [roots.real[root]!, roots.imaginary[root]!];
      const [re, im] = [real[j % length]!, imaginary[j % length]!];
      result.real[j]! += re * cos - im * sin;
      result.imaginary[j]! += re * sin + im * cos;
    }
  }
  return result;
}

/**
 * Σ_k x_k e^{∓2πi jk/n}, with the minus unless `inverse`, and without a factor. It goes by the factors of n (Cooley &
 * Tukey 1965), in n steps for each unit of the sum of its prime factors.
 */
export function fourier(x: Complexes, inverse: boolean): Complexes {
  return transform(x, rootsOfUnity(x.real.length, !inverse), 1);
}
