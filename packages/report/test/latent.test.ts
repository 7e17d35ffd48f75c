import { NumericalError, ShapeError } from '@elbo/core';
import { key, normal } from '@elbo/random';
import { expect, test } from 'vitest';
import { pca, scatterSvg } from '../src/index.js';
import { symmetricEigen } from '../src/latent/eigen.js';
import { largestEigen } from '../src/latent/lanczos.js';
import { leadingEigen } from '../src/latent/leading.js';

test('in two dimensions, PCA is the closed form of a 2×2 covariance', () => {
  const points = normal(key(1), 2000).map((v, i, all) => (i % 2 ? v + 0.7 * all[i - 1]! : 3 * v));
  const n = points.length / 2;
  const mean = [0, 1].map((c) => points.reduce((s, v, i) => (i % 2 === c ? s + v : s), 0) / n);
  let [a, b, c] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [points[2 * i]! - mean[0]!, points[2 * i + 1]! - mean[1]!];
    a += (x * x) / n;
    b += (x * y) / n;
    c += (y * y) / n;
  }
  const root = Math.hypot((a - c) / 2, b);
  const [large, small] = [(a + c) / 2 + root, (a + c) / 2 - root];
  const angle = Math.atan2(large - a, b);
  const { directions, explained, points: seen } = pca(points, { dims: 2 });
  const sign = Math.sign(Math.cos(angle)) || 1;
  expect(directions[0]![0]).toBeCloseTo(sign * Math.cos(angle), 12);
  expect(directions[0]![1]).toBeCloseTo(sign * Math.sin(angle), 12);
  expect(explained[0]).toBeCloseTo(large / (large + small), 12);
  // The projections have the eigenvalues as variances, and no covariance.
  let [va, vb, vc] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    va += seen[2 * i]! ** 2 / n;
    vb += (seen[2 * i]! * seen[2 * i + 1]!) / n;
    vc += seen[2 * i + 1]! ** 2 / n;
  }
  expect(va).toBeCloseTo(large, 10);
  expect(vb).toBeCloseTo(0, 10);
  expect(vc).toBeCloseTo(small, 10);
});

test('in many dimensions it finds planted orthogonal directions, in order of their spread', () => {
  // Columns of a Householder reflection are orthonormal; points are ± s_k times column k.
  const dims = 12;
  const axis = normal(key(2), dims);
  const norm = axis.reduce((sum, v) => sum + v * v, 0);
  const column = (k: number) =>
    Float64Array.from(axis, (v, i) => (i === k ? 1 : 0) - (2 * v * axis[k]!) / norm);
  const spread = Array.from({ length: dims }, (_, k) => 1 + ((k * 5) % dims));
  const points = Float64Array.from(
    spread.flatMap((s, k) => [...column(k).map((v) => s * v), ...column(k).map((v) => -s * v)]),
  );
  const { directions, explained } = pca(points, { dims, components: 3 });
  const order = spread.map((_, k) => k).sort((a, b) => spread[b]! - spread[a]!);
  const total = spread.reduce((sum, s) => sum + s * s, 0);
  directions.forEach((direction, c) => {
    const planted = column(order[c]!);
    const cosine = direction.reduce((sum, v, i) => sum + v * planted[i]!, 0);
    expect(Math.abs(cosine)).toBeCloseTo(1, 10);
    expect(explained[c]).toBeCloseTo(spread[order[c]!]! ** 2 / total, 10);
    expect(Math.max(...direction)).toBe(Math.max(...direction.map(Math.abs)));
  });
});

test('eigenvectors of a matrix with close eigenvalues satisfy A v = λ v and are orthonormal', () => {
  const n = 32;
  const noise = normal(key(3), n * n);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      a[i * n + j] = (i === j ? 1 : 0) + 1e-6 * (noise[i * n + j]! + noise[j * n + i]!);
  const { values, vectors } = symmetricEigen(a, n);
  vectors.forEach((v, k) => {
    for (let i = 0; i < n; i++) {
      const av = v.reduce((sum, x, j) => sum + a[i * n + j]! * x, 0);
      expect(Math.abs(av - values[k]! * v[i]!)).toBeLessThan(1e-13);
    }
    vectors.forEach((u, l) => {
      const dot = u.reduce((sum, x, i) => sum + x * v[i]!, 0);
      expect(Math.abs(dot - (k === l ? 1 : 0))).toBeLessThan(1e-12);
    });
  });
});

test.each([
  ['spread', 90, (i: number) => 1 + i],
  ['close together', 90, (i: number) => 1 + 1e-5 * i],
  ['almost all nothing', 90, (i: number) => Number(i < 3) * (3 - i)],
])('the largest eigenvalues alone are those of all, where they are %s', (_, n, valueOf) => {
  // Diagonal in the columns of a Householder reflection.
  const axis = Float64Array.from(normal(key(6), n));
  const norm = axis.reduce((sum, v) => sum + v * v, 0);
  const reflect = (v: Float64Array): Float64Array => {
    const along = (2 * v.reduce((sum, x, i) => sum + x * axis[i]!, 0)) / norm;
    return v.map((x, i) => x - along * axis[i]!);
  };
  const apply = (v: Float64Array): Float64Array =>
    reflect(reflect(v).map((x, i) => x * valueOf(i)));
  const { values, vectors } = largestEigen(apply, n, 2);
  const sorted = Array.from({ length: n }, (_, i) => valueOf(i)).sort((a, b) => b - a);
  values.forEach((value, k) => {
    expect(Math.abs(value - sorted[k]!)).toBeLessThan(1e-9 * sorted[0]!);
    const image = apply(vectors[k]!);
    const residual = image.reduce((sum, x, i) => sum + (x - value * vectors[k]![i]!) ** 2, 0);
    expect(Math.sqrt(residual)).toBeLessThan(1e-7 * sorted[0]!);
  });
  const between = vectors[0]!.reduce((sum, x, i) => sum + x * vectors[1]![i]!, 0);
  expect(Math.abs(between)).toBeLessThan(1e-12);
});

test('in a thousand dimensions two directions are found by a few hundred products, whatever the spread', () => {
  // What an aggregate posterior at its prior is like: nothing stands out.
  const [n, dims] = [60, 1000];
  const points = normal(key(7), n * dims);
  const most = dims / 2;
  let products = 0;
  // All eigenvalues alike but for little.
  const nearlyRound = (vector: Float64Array): Float64Array => {
    // At once: all eigenvectors of so many dimensions would take minutes.
    if (++products > most) throw new Error(`More than ${most} products.`);
    return vector.map((x, i) => x * (1 + i / dims));
  };
  expect(leadingEigen(nearlyRound, dims, 2).vectors).toHaveLength(2);
  // In few dimensions the whole matrix is made, by a product with each axis.
  products = 0;
  expect(leadingEigen(nearlyRound, 64, 2).values[0]).toBeCloseTo(1 + 63 / dims, 14);
  expect(products).toBe(64);
  const { directions, explained } = pca(points, { dims });
  // The Gram matrix has the same eigenvalues that are not 0, and is small enough for all of them.
  const mean = Float64Array.from({ length: dims }, (_, i) => {
    let sum = 0;
    for (let r = 0; r < n; r++) sum += points[r * dims + i]! / n;
    return sum;
  });
  const gram = new Float64Array(n * n);
  for (let r = 0; r < n; r++)
    for (let s = 0; s < n; s++)
      for (let i = 0; i < dims; i++)
        gram[r * n + s]! +=
          ((points[r * dims + i]! - mean[i]!) * (points[s * dims + i]! - mean[i]!)) / n;
  const { values } = symmetricEigen(gram, n);
  const total = values.reduce((sum, value) => sum + value, 0);
  expect(explained[0]).toBeCloseTo(values[0]! / total, 8);
  expect(explained[1]).toBeCloseTo(values[1]! / total, 8);
  expect(Math.hypot(...directions[0]!)).toBeCloseTo(1, 10);
});

test('points without spread, and a single one, have no direction but do not fail', () => {
  expect(pca(new Float32Array(12).fill(2), { dims: 3 }).explained).toEqual([0, 0]);
  expect(pca(new Float32Array(300).fill(2), { dims: 100 }).explained).toEqual([0, 0]);
  expect(scatterSvg({ points: Float32Array.of(1, 1), dims: 2 })).not.toMatch(/NaN|Infinity/);
});

test('the map draws every point in its class colour, one scale on both axes', () => {
  const points = Float32Array.of(0, 0, 1, 0, 0, 1, 3, 3);
  const svg = scatterSvg({ points, dims: 2, labels: [0, 1, 1, -1], names: ['a<b', 'c'] });
  const paths = [...svg.matchAll(/class="points" stroke="(#\w+)" d="([^"]+)"/g)];
  const dots = paths.map(([, colour, d]) => [colour, d!.split('M').length - 1]);
  expect(new Set(dots.map(([colour]) => colour)).size).toBe(3);
  expect(dots.map(([, count]) => count)).toEqual([1, 1, 2]);
  const at = paths.flatMap(([, , d]) =>
    [...d!.matchAll(/M([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
  );
  // In order of class: unknown (3, 3), then 0 at the origin, then 1 at (1, 0) and (0, 1).
  const [, origin, right, up] = at;
  expect(right![0] - origin![0]).toBeCloseTo(origin![1] - up![1], 0);
  expect(svg).toContain('a&lt;b');
  expect(svg).toContain('z₁');
  expect(svg).not.toContain('PCA');
});

test('names of classes are no markup of the map and turn no writing in it', () => {
  const hostile = '\u001b[31m</text><script>\u202egpj';
  const svg = scatterSvg({
    points: Float32Array.of(0, 0, 1, 0),
    dims: 2,
    labels: [0, 1],
    names: ['a', hostile],
  });
  expect(svg.match(/\\u\{1b\}\[31m&lt;\/text&gt;&lt;script&gt;\\u\{202e\}gpj/g)).toHaveLength(2);
  expect(svg).not.toMatch(/<script|[\u001b\u202e]/); // eslint-disable-line no-control-regex
});

test('more than two dimensions are drawn along principal components, and the axes say so', () => {
  const svg = scatterSvg({ points: normal(key(4), 60), dims: 3 });
  expect(svg).toMatch(/principal component 1 of z \(PCA, \d+ % of the variance of 3 dimensions\)/);
  expect(svg).toMatch(/principal component 2/);
});

test('what is no set of points is refused', () => {
  expect(() => scatterSvg({ points: new Float32Array(5), dims: 2 })).toThrow(ShapeError);
  expect(() => scatterSvg({ points: new Float32Array(5), dims: 1 })).toThrow(/at least 2/);
  expect(() => scatterSvg({ points: Float32Array.of(0, Infinity), dims: 2 })).toThrow(
    NumericalError,
  );
  expect(() => pca([1, 2], { dims: 1 })).toThrow(ShapeError);
});
