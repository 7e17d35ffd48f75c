import { gradientsOf } from '@elbo/gradients';
import { key, normal } from '@elbo/random';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import {
  add,
  concat2d,
  memory,
  mul,
  setBackend,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { squaredDistances } from '../src/divergences/squared_distances.js';
import {
  mmd2,
  sinkhornDivergence,
  type KernelOptions,
  type SinkhornOptions,
} from '../src/index.js';
import {
  brenierPair,
  closedForm,
  repeatedMmd,
  sinkhornOnQuantiles,
} from '@elbo/testing/worlds/transport';

beforeAll(async () => {
  setThreadsCount(1);
  await setBackend('wasm');
});

const read = (f: () => Scalar): number => tidy(() => f().dataSync()[0]!);
const points = (seed: number, n: number, z: number): Tensor2D =>
  tensor2d(normal(key(seed), n * z), [n, z]);

/** The gradient for the first argument along a direction, by the tape and by a central difference. */
function slopes(
  f: (x: Tensor2D) => Scalar,
  x: Tensor2D,
  step: number,
): { readonly tape: number; readonly difference: number } {
  return tidy(() => {
    const direction = tensor2d(normal(key(99), x.size), x.shape);
    const { p } = gradientsOf(() => ({ p: f(x) }), { p: { x } });
    const tape = (mul(p.gradients.x as Tensor, direction).dataSync() as Float32Array).reduce(
      (a, b) => a + b,
    );
    const at = (t: number): number => f(add(x, mul(direction, t))).dataSync()[0]!;
    return { tape, difference: (at(step) - at(-step)) / (2 * step) };
  });
}

describe('mmd2', () => {
  /** The U-statistic as its definition says, in double precision. */
  function loops(x: Tensor2D, y: Tensor2D, kernel: 'imq' | 'rbf', factors: readonly number[]) {
    const [a, b] = [x.arraySync(), y.arraySync()];
    const scale = 2 * x.shape[1];
    const k = (p: readonly number[], q: readonly number[]): number => {
      const r = p.reduce((sum, v, i) => sum + (v - q[i]!) ** 2, 0) / scale;
      const at = factors.map((c) => (kernel === 'imq' ? c / (c + r) : Math.exp(-r / c)));
      return at.reduce((sum, v) => sum + v) / factors.length;
    };
    const pairs = (p: number[][], q: number[][], same: boolean): number =>
      p
        .flatMap((u, i) => q.map((v, j) => (same && i === j ? 0 : k(u, v))))
        .reduce((sum, v) => sum + v);
    const [n, m] = [a.length, b.length];
    return (
      pairs(a, a, true) / (n * (n - 1)) +
      pairs(b, b, true) / (m * (m - 1)) -
      (2 * pairs(a, b, false)) / (n * m)
    );
  }

  it.each(['imq', 'rbf'] as const)('is the U-statistic of its definition: %s', (kernel) => {
    const [x, y] = [points(1, 7, 3), points(2, 9, 3)];
    const factors = [0.3, 2];
    const exact = loops(x, y, kernel, factors);
    expect(Math.abs(read(() => mmd2(x, y, { kernel, factors })) - exact)).toBeLessThan(1e-6);
  });

  it.each(['imq', 'rbf'] as const)(
    'is 0 on the average between equals, and finds a difference: %s',
    (kernel) => {
      const equal = repeatedMmd(0, { kernel });
      expect(Math.abs(equal.mean)).toBeLessThan(3 * equal.error);
      expect(equal.least).toBeLessThan(0);
      const unequal = repeatedMmd(0.5, { kernel });
      expect(unequal.mean).toBeGreaterThan(10 * unequal.error);
    },
  );

  it('has the gradient of a difference quotient', () => {
    const y = points(5, 6, 3);
    const { tape, difference } = slopes((x) => mmd2(x, y), points(4, 5, 3), 1e-2);
    expect(Math.abs(tape - difference)).toBeLessThan(1e-3 * Math.abs(difference) + 1e-5);
  });

  it('is that of points and their scale in any unit', () => {
    const [x, y] = [points(5, 8, 2), points(6, 11, 2)];
    for (const kernel of ['imq', 'rbf'] as const) {
      const own = read(() => mmd2(x, y, { kernel, variance: 2 }));
      const times = (a: Tensor2D): Tensor2D => mul(a, 3);
      const other = read(() => mmd2(times(x), times(y), { kernel, variance: 18 }));
      expect(other).toBeCloseTo(own, 5);
    }
  });

  it('goes by distances that are not below 0, whatever rounding does to points far away', () => {
    const far = tidy(() => add<Tensor2D>(points(7, 200, 3), 1000));
    const least = Math.min(...tidy(() => squaredDistances(far, far, 'test').dataSync()));
    expect(least).toBe(0);
  });

  it('refuses single points and scales that are none', () => {
    expect(() => mmd2(points(1, 1, 2), points(1, 3, 2))).toThrow('two points');
    expect(() => mmd2(points(1, 3, 2), points(1, 3, 2), { factors: [] })).toThrow('factors');
    expect(() => mmd2(points(1, 3, 2), points(1, 3, 3))).toThrow('for one Z');
  });
});

describe('sinkhornDivergence', () => {
  const absolute = (epsilon: number, iterations: number): SinkhornOptions => ({
    epsilon,
    relative: false,
    iterations,
  });

  it('is 0 between equals, but for the rounding of costs near 6', () => {
    const x = points(1, 20, 3);
    expect(Math.abs(read(() => sinkhornDivergence(x, x).value))).toBeLessThan(1e-6);
    const still = tensor2d([1, 2, 1, 2], [2, 2]);
    expect(Math.abs(read(() => sinkhornDivergence(still, still).value))).toBeLessThan(1e-6);
  });

  // W₂² = 1 + (2 − 1)² = 2.
  it.each([
    [2, 20, 1.966],
    [1, 25, 1.988],
    [0.5, 30, 1.994],
    [0.1, 120, 1.996],
  ])('between N(0, 1) and N(1, 4) at ε = %s is the closed form', (epsilon, iterations, rerun) => {
    const { value, violation } = sinkhornOnQuantiles(epsilon, iterations);
    expect(Math.abs(value / closedForm(epsilon) - 1)).toBeLessThan(0.005);
    // Mid-quantiles lack the tails, so the value on them is itself a little less; float32 holds four digits.
    expect(Math.abs(value - rerun)).toBeLessThan(1e-3);
    expect(violation).toBeLessThan(1e-3);
  });

  it.each([0.1, 0.05])(
    'is W₂² = mean ‖y − x‖² where y is the gradient of a convex function of x (Brenier 1991), at ε = %s',
    (epsilon) => {
      const { value, exact } = brenierPair(epsilon);
      expect(Math.abs(value / exact - 1)).toBeLessThan(0.02);
    },
  );

  it.each([
    ['first', (a: Tensor2D, b: Tensor2D) => sinkhornDivergence(a, b, absolute(0.5, 60)).value],
    ['second', (a: Tensor2D, b: Tensor2D) => sinkhornDivergence(b, a, absolute(0.5, 60)).value],
  ])('has the gradient of a difference quotient for its %s sample', (_, f) => {
    const other = points(8, 9, 2);
    const { tape, difference } = slopes((x) => f(x, other), points(9, 12, 2), 1e-2);
    expect(Math.abs(tape - difference)).toBeLessThan(2e-3 * Math.abs(difference));
  });

  it('of samples of unequal size is that of their measures', () => {
    // Each point twice is the same measure.
    const [x, y] = [points(3, 6, 2), points(4, 5, 2)];
    const twice = tidy(() => concat2d([y, y], 0));
    const own = tidy(() => {
      const { value, violation } = sinkhornDivergence(x, y, absolute(1, 60));
      return [value.dataSync()[0]!, violation.dataSync()[0]!] as const;
    });
    const other = tidy(() => {
      const { value, violation } = sinkhornDivergence(x, twice, absolute(1, 60));
      return [value.dataSync()[0]!, violation.dataSync()[0]!] as const;
    });
    expect(other[0]).toBeCloseTo(own[0], 4);
    // What a row of the plan is off from its share, 1/N, all rows together.
    expect(own[1]).toBeLessThan(1e-3);
    expect(other[1]).toBeLessThan(1e-3);
  });

  it('at an ε relative to the costs is one in any unit', () => {
    const [x, y] = [points(3, 6, 2), points(4, 5, 2)];
    const options = { epsilon: 0.3, relative: true, iterations: 40 };
    const own = read(() => sinkhornDivergence(x, y, options).value);
    const times = read(() => sinkhornDivergence(mul(x, 3), mul(y, 3), options).value);
    expect(Math.abs(times / own - 9)).toBeLessThan(1e-3);
  });

  it('says when it has not converged', () => {
    expect(sinkhornOnQuantiles(0.1, 8).violation).toBeGreaterThan(0.1);
  });

  it('frees what it makes on the way', () => {
    const [x, y] = [points(1, 5, 2), points(2, 5, 2)];
    const before = memory().numTensors;
    read(() => sinkhornDivergence(x, y).value);
    expect(memory().numTensors).toBe(before);
  });

  it('refuses what makes no sense', () => {
    const x = points(1, 3, 2);
    expect(() => sinkhornDivergence(x, x, { epsilon: 0 })).toThrow('epsilon');
    expect(() => sinkhornDivergence(x, x, { iterations: 0.5 })).toThrow('iterations');
  });
});

describe('by default', () => {
  it('an MMD has the inverse multiquadratic kernel at seven scales of unit variance', () => {
    const [x, y] = [points(1, 7, 3), points(2, 9, 3)];
    const factors = [0.1, 0.2, 0.5, 1, 2, 5, 10];
    const said: KernelOptions = { kernel: 'imq', variance: 1, factors };
    expect(read(() => mmd2(x, y))).toBe(read(() => mmd2(x, y, said)));
    for (const other of [{ kernel: 'rbf' }, { variance: 2 }, { factors: [1] }] as const)
      expect(read(() => mmd2(x, y, other))).not.toBe(read(() => mmd2(x, y)));
    for (const wrong of [{ variance: 0 }, { variance: -1 }, { factors: [1, 0] }])
      expect(() => mmd2(x, y, wrong)).toThrow('must be positive');
  });

  it('a Sinkhorn divergence has a tenth of the mean cost for its ε, and 60 updates', () => {
    const [x, y] = [points(3, 6, 2), points(4, 5, 2)];
    const said = { epsilon: 0.1, relative: true, iterations: 60 };
    const of = (options: SinkhornOptions): number =>
      read(() => sinkhornDivergence(x, y, options).value);
    expect(of({})).toBe(of(said));
    expect(of({})).not.toBe(of({ epsilon: 0.2 }));
    expect(of({})).not.toBe(of({ relative: false }));
    // The mean cost of all pairs.
    const cost = tidy(() => [...squaredDistances(x, y, 'test').dataSync()]);
    const unit = cost.reduce((sum, value) => sum + value, 0) / cost.length;
    expect(of({ epsilon: 0.3 })).toBeCloseTo(of({ relative: false, epsilon: 0.3 * unit }), 5);
  });

  it('a Sinkhorn divergence takes one update at least', () => {
    const x = points(1, 3, 2);
    expect(read(() => sinkhornDivergence(x, x, { iterations: 1 }).value)).toBeCloseTo(0, 5);
    expect(() => sinkhornDivergence(x, x, { iterations: 0 })).toThrow('iterations');
    for (const epsilon of [-1, NaN])
      expect(() => sinkhornDivergence(x, x, { epsilon })).toThrow('epsilon');
  });
});
