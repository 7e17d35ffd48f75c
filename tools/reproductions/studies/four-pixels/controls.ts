// Known answers, which the measurements must find before their other answers count.
import { fold, key, normal } from '@elbo/random';
import { divergencesAtBothSizes, sizes, type Divergences } from './divergence.js';
import { meanLogNearest } from './nearest.js';
import { logLikelihoods } from './one_hot.js';
import { logIntegral, midpoints } from './quadrature.js';

/** A known answer, and what was found of it: that of few points too where points are drawn. */
export interface Control {
  readonly name: string;
  readonly found: number;
  readonly small?: number;
  readonly exact: number;
  readonly tolerance: number;
}

type Axis = 0 | 1;
type Vector = readonly [number, number];

/** Of a standard normal value of an axis, one of the posterior of image `x`. */
type Place = (value: number, x: number, axis: Axis) => number;

const corners: readonly Vector[] = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
];

/** Points for each of four x: standard normal ones, moved to their places. */
function draw(name: string, place: Place): readonly Float32Array[] {
  const count = sizes.large;
  return corners.map((_, x) => {
    const points = normal(fold(fold(key(0), name), x), 2 * count);
    return points.map((value, i) => place(value, x, i % 2 === 0 ? 0 : 1));
  });
}

/** KL(N(m, diag s²) ‖ N(0, I)). */
const normalKl = (m: Vector, s: Vector): number =>
  m.reduce((sum, mi, i) => sum + 0.5 * (mi * mi + s[i]! * s[i]! - 1) - Math.log(s[i]!), 0);

const narrow: Vector = [0.14, 0.05];

/**
 * Posteriors with known divergences. The quadrants are what a perfect model of the four images looks like, cliffs in
 * the density included. The narrow normals lie 14 standard deviations and more apart.
 */
const posteriors: Readonly<Record<string, Divergences & { readonly place: Place }>> = {
  'N(0, I) for every x': {
    place: (value) => value,
    posterior: 0,
    aggregate: 0,
  },
  'N(0, I) cut into quadrants': {
    place: (value, x, axis) => corners[x]![axis] * Math.abs(value),
    posterior: Math.log(4),
    aggregate: 0,
  },
  'four normals of σ = (.14, .05)': {
    place: (value, x, axis) => corners[x]![axis] + narrow[axis] * value,
    posterior: normalKl([1, 1], narrow),
    aggregate: normalKl([1, 1], narrow) - Math.log(4),
  },
};

/** The mean log distance to the k-th nearest other point, by looking at all of them. */
function byBruteForce(points: Float32Array, k: number): number {
  const n = points.length / 2;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const distances = new Float64Array(n);
    for (let j = 0; j < n; j++)
      distances[j] = Math.hypot(
        points[2 * j]! - points[2 * i]!,
        points[2 * j + 1]! - points[2 * i + 1]!,
      );
    // The nearest is the point itself.
    sum += Math.log(distances.sort()[k]!);
  }
  return sum / n;
}

/** log p(x) of likelihoods whose integral over z is known. */
function quadratureControls(): readonly Control[] {
  const side = 800;
  const points = midpoints(side);
  const bias = [0.3, -1.2, 2, -0.7] as const;
  const constant = logLikelihoods(
    Float32Array.from({ length: 4 * side * side }, (_, i) => bias[i % 4]!),
    4,
    0,
  );
  const odds = (l: number): number => 1 / (1 + Math.exp(-l));
  // N(y; z, σ² I) integrates to N(y; 0, (1 + σ²) I); narrow, and centred on no midpoint.
  const y: Vector = [0.701, -1.234];
  const variance = 0.03 ** 2;
  const peaked = Float64Array.from({ length: side * side }, (_, i) => {
    const square = (points[2 * i]! - y[0]) ** 2 + (points[2 * i + 1]! - y[1]) ** 2;
    return -Math.log(2 * Math.PI * variance) - square / (2 * variance);
  });
  const wide = 1 + variance;
  return [
    {
      name: 'log p(x) of a constant decoder',
      found: logIntegral(constant, side),
      exact:
        Math.log(odds(bias[0])) + bias.slice(1).reduce((sum, l) => sum + Math.log(1 - odds(l)), 0),
      tolerance: 1e-5,
    },
    {
      name: 'log of a normal of σ = .03 over the prior',
      found: logIntegral(peaked, side),
      exact: -Math.log(2 * Math.PI * wide) - (y[0] ** 2 + y[1] ** 2) / (2 * wide),
      tolerance: 1e-4,
    },
  ];
}

function neighbourControl(): Control {
  const points = normal(fold(key(0), 'brute force'), 4000).map((v) => v ** 3);
  return {
    name: 'mean log distance to the 4th neighbour, by brute force',
    found: meanLogNearest(points, 4),
    exact: byBruteForce(points, 4),
    tolerance: 1e-9,
  };
}

/** Both divergences of one set of posteriors, at both sizes. */
function divergenceControls(name: string): readonly Control[] {
  const { place, ...exact } = posteriors[name]!;
  const { small, ...found } = divergencesAtBothSizes(draw(name, place));
  const tolerance = 0.002;
  return (['posterior', 'aggregate'] as const).map((which) => ({
    name: `${which === 'posterior' ? 'KL(q(z|x), p(z))' : 'KL(q(z), p(z))'}, ${name}`,
    found: found[which],
    small: small[which],
    exact: exact[which],
    tolerance,
  }));
}

/** The controls by name, each a function that makes its rows. */
export const controls: Readonly<Record<string, () => readonly Control[]>> = {
  quadrature: quadratureControls,
  neighbours: () => [neighbourControl()],
  ...Object.fromEntries(
    Object.keys(posteriors).map((name, i) => [`divergence-${i}`, () => divergenceControls(name)]),
  ),
};

/** Fails at the first row whose answer is not the known one. */
export function expectControlled(rows: readonly Control[]): void {
  const wrong = rows.find(({ found, exact, tolerance }) => !(Math.abs(found - exact) <= tolerance));
  if (wrong)
    throw new Error(
      `A control failed: ${wrong.name} is ${wrong.exact}, and ${wrong.found} was measured.`,
    );
}
