import type { Key } from '../src/index.js';
import { bits } from '../src/index.js';

/** Kolmogorov's statistic √n sup |F_n − F|; above 1.95 with probability 0.001. */
export function kolmogorov(values: Float32Array, cdf: (x: number) => number): number {
  const n = values.length;
  let distance = 0;
  Float64Array.from(values)
    .sort()
    .forEach((x, i) => {
      distance = Math.max(distance, cdf(x) - i / n, (i + 1) / n - cdf(x));
    });
  return Math.sqrt(n) * distance;
}

/** Mean of f over the values. */
export function mean(values: ArrayLike<number>, f: (x: number) => number = (x) => x): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += f(values[i]!);
  return sum / values.length;
}

/** Standard normal distribution function, by its series (Marsaglia, 2004), to 1e-12 for |x| < 6. */
export function normalCdf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** How many values are each whole number from 0 to `classes` − 1. */
export function counts(values: ArrayLike<number>, classes: number): number[] {
  const result = new Array<number>(classes).fill(0);
  for (let i = 0; i < values.length; i++) result[values[i]!]!++;
  return result;
}

/** Pearson's statistic against equal probabilities. */
export function chiSquare(observed: readonly number[]): number {
  const expected = observed.reduce((a, b) => a + b) / observed.length;
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** FNV-1a over 32-bit words, as eight hexadecimal digits. */
export function checksum(values: Float32Array | Int32Array | Uint32Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const hash = words.reduce((h, word) => Math.imul(h ^ word, 0x01000193), 0x811c9dc5 | 0);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The pairs of words that make elements 2j and 2j + 1. */
export function pairs(key: Key, n: number): [number, number][] {
  const words = bits(key, 2 * n);
  return Array.from({ length: n }, (_, j) => [words[2 * j]!, words[2 * j + 1]!]);
}
