import { gradientsOf } from '@elbo/gradients';
import { fold, integers, key, normal } from '@elbo/random';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { setBackend, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sinkhornDivergence, type SinkhornOptions } from '../src/index.js';
import { epsilonOf, sinkhornReference } from './sinkhorn_reference.js';

beforeAll(async () => {
  setThreadsCount(1);
  await setBackend('wasm');
});

type Rows = number[][];

/** N(at, sd²) in z dimensions. */
function cloud(seed: number, n: number, z: number, sd = 1, at = 0): Rows {
  const noise = normal(key(seed), n * z);
  return Array.from({ length: n }, (_, i) =>
    Array.from(noise.subarray(i * z, (i + 1) * z), (value) => at + sd * value),
  );
}

/** Five tight clusters, whose centres are the same for every seed and whose shares differ. */
function clusters(seed: number, n: number, z: number): Rows {
  const centres = cloud(50, 5, z, 3);
  const of = integers(fold(key(seed), 'cluster'), n, 5);
  return cloud(seed, n, z, 0.05).map((row, i) =>
    row.map((value, d) => value + centres[of[i]!]![d]!),
  );
}

const moved = (rows: Rows, by: Rows): Rows =>
  rows.map((row, i) => row.map((value, d) => value + by[i]![d]!));

const read = (tensor: Tensor): Float32Array => tensor.dataSync() as Float32Array;

function measured(
  x: Rows,
  y: Rows,
  options: SinkhornOptions = {},
): { readonly value: number; readonly violation: number } {
  return tidy(() => {
    const { value, violation } = sinkhornDivergence(tensor2d(x), tensor2d(y), options);
    return { value: read(value)[0]!, violation: read(violation)[0]! };
  });
}

function gradients(x: Rows, y: Rows): readonly [ofX: Float32Array, ofY: Float32Array] {
  return tidy(() => {
    const [a, b] = [tensor2d(x), tensor2d(y)];
    const { s } = gradientsOf(() => ({ s: sinkhornDivergence(a, b).value }), { s: { a, b } });
    return [read(s.gradients.a as Tensor), read(s.gradients.b as Tensor)] as const;
  });
}

/** ‖a − b‖ / ‖b‖. */
function relativeError(a: Float32Array, b: readonly (readonly number[])[]): number {
  const [exact, length] = [b.flat(), Math.hypot(...b.flat())];
  return Math.hypot(...exact.map((value, i) => a[i]! - value)) / length;
}

const near = cloud(11, 40, 8);
const cases: readonly (readonly [what: string, x: Rows, y: Rows])[] = [
  ['one distribution in 8 dimensions', cloud(1, 48, 8), cloud(2, 48, 8)],
  ['one distribution in the plane', cloud(3, 64, 2), cloud(4, 64, 2)],
  ['samples of different sizes', cloud(5, 30, 2), cloud(6, 70, 2, 1, 0.5)],
  ['clouds far from each other', cloud(7, 40, 8, 0.3, 3), cloud(8, 40, 8)],
  ['codes that have collapsed', cloud(9, 40, 8, 0.01), cloud(10, 50, 8)],
  ['a tenth of a standard deviation', near, moved(near, cloud(12, 40, 8, 0.1))],
  ['clusters against a normal', clusters(13, 60, 2), cloud(14, 50, 2)],
  ['clusters whose shares differ', clusters(15, 50, 8), clusters(16, 60, 8)],
];

describe('the reference', () => {
  it('has the gradient of its difference quotient', () => {
    const [x, y] = [cloud(1, 8, 2), cloud(2, 6, 2)];
    const epsilon = epsilonOf(x, y, 0.1);
    const at = (t: number): number =>
      sinkhornReference([[x[0]![0]! + t, x[0]![1]!], ...x.slice(1)], y, epsilon).value;
    const { gradient } = sinkhornReference(x, y, epsilon);
    expect((at(1e-4) - at(-1e-4)) / 2e-4).toBeCloseTo(gradient[0]![0]!, 7);
  });
});

describe('sinkhornDivergence at its defaults', () => {
  it.each(cases)('has the gradient of the converged one: %s', (_, x, y) => {
    const epsilon = epsilonOf(x, y, 0.1);
    const [ofX, ofY] = [sinkhornReference(x, y, epsilon), sinkhornReference(y, x, epsilon)];
    const [byX, byY] = gradients(x, y);
    expect(relativeError(byX, ofX.gradient)).toBeLessThan(1e-3);
    expect(relativeError(byY, ofY.gradient)).toBeLessThan(1e-3);
    const { value, violation } = measured(x, y);
    // Float32 holds the costs, of the mean ε/0.1, to about 1e-6.
    expect(Math.abs(value - ofX.value)).toBeLessThan(1e-5 * (epsilon / 0.1) + 1e-3 * ofX.value);
    expect(violation).toBeLessThan(1e-3);
  });
});

describe('the violation', () => {
  // Any potentials that are best for one point alone are exact, so that only the other sample's own plan is left.
  it.each([
    ['first', cloud(1, 30, 2), [[1, 1]]],
    ['second', [[1, 1]], cloud(1, 30, 2)],
  ] as const)('watches the plan within the %s sample', (_, x, y) => {
    const options = { epsilon: 0.02, iterations: 1 };
    expect(measured(x as Rows, y as Rows, options).violation).toBeGreaterThan(0.01);
    expect(measured(x as Rows, y as Rows, { ...options, iterations: 20 }).violation).toBeLessThan(
      1e-5,
    );
  });
});

it('no update lowers the dual objective, at an ε where plain over-relaxation diverges', () => {
  const [x, y] = [cloud(1, 48, 8), cloud(2, 40, 8)];
  const values = [20, 23, 26, 40, 100].map(
    (iterations) => measured(x, y, { epsilon: 0.01, iterations }).value,
  );
  expect(measured(x, y, { epsilon: 0.01, iterations: 100 }).violation).toBeLessThan(0.01);
  values.slice(1).forEach((value, i) => {
    expect(value).toBeGreaterThan(values[i]! - 1e-5);
  });
});
