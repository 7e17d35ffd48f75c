// Distances and shares of samples whose distributions are known.
import {
  compareSamples,
  estimateOf,
  frechetDistance,
  kernelDistance,
  type Estimate,
  type Points,
  type SampleComparison,
} from '@elbo/evaluation';
import { fold, integers, key, uniform, type Key } from '@elbo/random';
import { tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Context } from '../../runner/study.js';
import { repeated } from './coverage.js';
import { gaussianPoints } from './gaussians.js';

/** A mean over repetitions, and what is known of it. */
export interface SampleRow extends Estimate {
  readonly what: string;
  readonly truth: number;
  readonly how: string;
  readonly holds: boolean;
}

type How = Pick<Context, 'log' | 'signal'>;
type Matrix = readonly (readonly number[])[];

const repetitions = 200;
const noiseOf = (name: string, i: number): Key => fold(fold(key(i), 'samples'), name);

/** A mean over repetitions that has to be met within four standard errors, and what is known of a bias. */
const row = (
  what: string,
  found: readonly number[],
  truth: number,
  how: string,
  bias = 0,
): SampleRow => {
  const { mean, error } = estimateOf(found);
  const tolerance = 4 * error + bias;
  return { what, mean, error, truth, how, holds: Math.abs(mean - truth) <= tolerance };
};

/** Points under x → A x + b. */
const mapped = ({ values, dim }: Points, a: Matrix, b: readonly number[]): Points => ({
  dim,
  values: Float64Array.from(values, (_, i) => {
    const begin = i - (i % dim);
    return a[i % dim]!.reduce((sum, m, d) => sum + m * values[begin + d]!, b[i % dim]!);
  }),
});

const identity = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
const stretch = [
  [2, 0.5, 0],
  [0.5, 1, -0.2],
  [0, -0.2, 0.7],
];

/** tr of (A − I)² and |b|²: the squared distance between N(0, I) and N(b, A²), of a symmetric positive A. */
const brenier = (a: Matrix, b: readonly number[]): number =>
  a.flat().reduce((sum, value, i) => sum + (value - identity.flat()[i]!) ** 2, 0) +
  b.reduce((sum, value) => sum + value * value, 0);

async function frechet({ signal }: How): Promise<readonly SampleRow[]> {
  const points = gaussianPoints(noiseOf('moved', 0), 200, { mean: [0, 0, 0], scale: [1, 2, 0.5] });
  const b = [1, 0, -0.5];
  const found = await repeated(repetitions, signal, (i) => {
    const draw = (name: string): Points =>
      gaussianPoints(fold(noiseOf('frechet', i), name), 4000, { mean: [0, 0, 0] });
    return frechetDistance(draw('p'), mapped(draw('q'), stretch, b));
  });
  const moved = frechetDistance(points, mapped(points, identity, [3, 0, -4]));
  return [
    {
      what: 'Fréchet distance, of points and the same moved by (3, 0, −4)',
      mean: moved,
      error: 0,
      truth: 25,
      how: '|b|²',
      holds: Math.abs(moved - 25) < 1e-8,
    },
    // Of equal normals in three dimensions 4000 samples leave 2·3/4000 of means, and half of 3·4/4000 of covariances.
    row(
      'Fréchet distance of N(0, I₃) and N(b, A²), 4000 draws of each',
      found,
      brenier(stretch, b),
      'tr (A − I)² + |b|²',
      0.005,
    ),
  ];
}

async function kernel({ signal }: How): Promise<readonly SampleRow[]> {
  const at = (name: string, mean: number): Promise<readonly number[]> =>
    repeated(repetitions, signal, (i) => {
      const draw = (side: string, count: number, m: number): Points =>
        gaussianPoints(fold(noiseOf(name, i), side), count, { mean: [m] });
      return kernelDistance(draw('p', 30, 0), draw('q', 40, mean));
    });
  return [
    row('kernel distance of equal normals, 30 and 40 draws', await at('equal', 0), 0, 'unbiased'),
    row('kernel distance of N(0, 1) and N(1, 1)', await at('apart', 1), 22, '3·1² + 3·1² + 4²'),
  ];
}

/** Squares of side 1 at distances of 10; the samples leave out the last of four, and have one of their own. */
async function supports({ signal }: How): Promise<readonly SampleRow[]> {
  const [count, k] = [400, 5];
  const inSquares = (noise: Key, squares: readonly number[]): Tensor2D => {
    const which = integers(fold(noise, 'square'), count, squares.length);
    const place = uniform(fold(noise, 'place'), 2 * count);
    return tensor2d(
      Float32Array.from(place, (value, i) =>
        i % 2 === 0 ? 10 * squares[which[i >> 1]!]! + value : value,
      ),
      [count, 2],
    );
  };
  const compared = (
    name: string,
    squares: readonly number[],
  ): Promise<readonly SampleComparison[]> =>
    repeated(40, signal, async (i) => {
      const samples = inSquares(fold(noiseOf(name, i), 'samples'), squares);
      const data = inSquares(fold(noiseOf(name, i), 'data'), [0, 1, 2, 3]);
      const found = await compareSamples(samples, data, k);
      samples.dispose();
      data.dispose();
      return found;
    });
  const same = await compared('same', [0, 1, 2, 3]);
  const other = await compared('other', [0, 1, 2, 9]);
  const ratio = (figure: keyof SampleComparison): readonly number[] => {
    const base = estimateOf(same.map((found) => found[figure])).mean;
    return other.map((found) => found[figure] / base);
  };
  const of = (figure: keyof SampleComparison): readonly number[] =>
    same.map((found) => found[figure]);
  const expected = same[0]!.expectedCoverage;
  return [
    row('density of samples of the data’s own distribution', of('density'), 1, 'Naeem et al. 2020'),
    row('their coverage', of('coverage'), expected, 'which of n + m − 1 points are nearest'),
    row(
      'precision, of that, where a quarter of the samples is elsewhere',
      ratio('precision'),
      0.75,
      '¾',
      0.005,
    ),
    row(
      'recall, of that, where the samples leave a quarter out',
      ratio('recall'),
      0.75,
      '¾',
      0.005,
    ),
    row('density likewise', ratio('density'), 0.75, '¾', 0.01),
    row('coverage likewise', ratio('coverage'), 0.75, '¾', 0.01),
  ];
}

export async function samples(how: How): Promise<readonly SampleRow[]> {
  how.log('samples');
  return [...(await frechet(how)), ...(await kernel(how)), ...(await supports(how))];
}
