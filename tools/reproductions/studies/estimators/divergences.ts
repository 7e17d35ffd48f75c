// KL divergences that are known, by every estimator, two hundred times each.
import {
  aggregateKl,
  entropy,
  klBetweenSamples,
  klByClassifier,
  klToDensity,
  type CalibrationOptions,
  type NeighbourEstimate,
  type NeighbourOptions,
  type Points,
} from '@elbo/evaluation';
import { fold, key, uniform, type Key } from '@elbo/random';
import type { Context } from '../../runner/study.js';
import { againstTruth, repeated, type Coverage } from './coverage.js';
import { gaussianKl, gaussianPoints, logGaussian, type Gaussian } from './gaussians.js';
import { worldOf } from './world.js';

/** One estimator on one pair of distributions. */
interface Measured extends Coverage {
  readonly estimator: string;
  readonly name: string;
  /** Draws of each. */
  readonly count: number;
  readonly calibrated?: boolean;
  /** Of a shape that calibration by normals knows nothing of. */
  readonly otherShape?: boolean;
}

export interface DivergenceRow extends Measured {
  /** Whether it has to hold. */
  readonly gated: boolean;
  readonly holds: boolean;
}

interface Pair {
  readonly name: string;
  readonly p: Gaussian;
  readonly q: Gaussian;
  readonly count: number;
}

type How = Pick<Context, 'log' | 'signal'>;

const repetitions = 200;
const times = (dim: number, value: number): readonly number[] =>
  Array.from({ length: dim }, () => value);

/** Pairs p, q of normals, and how many are drawn of each. */
const pairs: readonly Pair[] = [
  { name: 'equal, 2 dimensions', p: { mean: [0, 0] }, q: { mean: [0, 0] }, count: 500 },
  {
    name: 'apart, 2 dimensions',
    p: { mean: [0, 0], scale: [0.7, 0.8] },
    q: { mean: [0.6, -0.3] },
    count: 500,
  },
  { name: 'apart, 5 dimensions', p: { mean: times(5, 0) }, q: { mean: times(5, 0.4) }, count: 500 },
];

const noiseOf = (name: string, i: number): Key => fold(fold(key(i), 'divergences'), name);

/** A pair's draws in repetition i. */
const drawnOf = ({ name, p, q, count }: Pair, i: number): readonly [Points, Points] => [
  gaussianPoints(fold(noiseOf(name, i), 'p'), count, p),
  gaussianPoints(fold(noiseOf(name, i), 'q'), count, q),
];

const calibration = (name: string, i: number): CalibrationOptions => ({
  key: fold(noiseOf(name, i), 'calibration'),
});

/** By name, an estimate from draws of p, and from q or draws of it. */
const estimators: Readonly<
  Record<
    string,
    (p: Points, q: Gaussian, ofQ: Points, options: NeighbourOptions) => NeighbourEstimate
  >
> = {
  klToDensity: (p, q, _ofQ, options) => klToDensity(p, logGaussian(p, q), options),
  klBetweenSamples: (p, _q, ofQ, options) => klBetweenSamples(p, ofQ, options),
};

async function ofPair(pair: Pair, { log, signal }: How): Promise<readonly Measured[]> {
  const truth = gaussianKl(pair.p, pair.q);
  const rows: Measured[] = [];
  for (const [estimator, estimate] of Object.entries(estimators)) {
    log(`${estimator}: ${pair.name}`);
    const at = (calibrated: boolean): Promise<readonly NeighbourEstimate[]> =>
      repeated(repetitions, signal, (i) => {
        const [p, q] = drawnOf(pair, i);
        const options = calibrated ? { calibration: calibration(pair.name, i) } : {};
        return estimate(p, pair.q, q, options);
      });
    const what = { estimator, name: pair.name, count: pair.count };
    rows.push({ ...what, calibrated: false, ...againstTruth(await at(false), truth) });
    rows.push({ ...what, calibrated: true, ...againstTruth(await at(true), truth) });
  }
  return rows;
}

/** By classifiers: a lower bound, so its lower end counts. */
async function byClassifier(pair: Pair, { log, signal }: How): Promise<Measured> {
  log(`klByClassifier: ${pair.name}`);
  const found = await repeated(repetitions, signal, (i) => {
    const [p, q] = drawnOf(pair, i);
    const noise = fold(noiseOf(pair.name, i), 'classifier');
    return klByClassifier(p, q, { key: noise, folds: 2, steps: 60 });
  });
  const truth = gaussianKl(pair.p, pair.q);
  return {
    estimator: 'klByClassifier',
    name: pair.name,
    count: pair.count,
    ...againstTruth(found, truth),
  };
}

/** The aggregate posterior of the linear-Gaussian world: N(0, I + (s² − 1) Σ), were all of p(x) seen. */
async function ofAggregate({ log, signal }: How): Promise<Measured> {
  log('aggregateKl');
  const [spread, count] = [2, 500];
  const found = await repeated(repetitions, signal, async (i) => {
    const { model, params, batch } = worldOf(2, { spread, size: count, seed: i });
    const rows = batch();
    const noise = noiseOf('aggregate', i);
    const estimate = await aggregateKl(model, params, rows, {
      key: noise,
      calibration: { key: fold(noise, 'calibration') },
    });
    rows.x.dispose();
    return estimate;
  });
  const { covariance } = worldOf(2, { size: 1 });
  const at = (i: 0 | 1, j: 0 | 1): number =>
    (spread ** 2 - 1) * covariance[i]![j]! + Number(i === j);
  const [a, b, c] = [at(0, 0), at(0, 1), at(1, 1)];
  const truth = 0.5 * (a + c - 2 - Math.log(a * c - b * b));
  return {
    estimator: 'aggregateKl',
    name: 'linear-Gaussian, twice too wide',
    count,
    calibrated: true,
    ...againstTruth(found, truth),
  };
}

/** How a shape is made of uniform numbers; log of what it is compared with, and KL to that. */
interface Shape {
  make(uniform: Float32Array): Float64Array;
  log(points: Points): Float64Array;
  readonly truth: number;
}

/** Two shapes that are not normal, of which calibration knows nothing. */
async function otherShapes({ log, signal }: How): Promise<readonly Measured[]> {
  log('klToDensity: other shapes');
  const count = 500;
  const numbers = (name: string, i: number): Float32Array =>
    uniform(fold(noiseOf(name, i), 'p'), 4 * count);
  /** Uniform numbers in doubles: of 48 bits. */
  const at = (u: Float32Array, i: number): number => (u[i]! + u[2 * count + i]! * 2 ** -24) % 1;
  const shapes: Readonly<Record<string, Shape>> = {
    // −log(2a)² of the uniform, and the mean of −log of the normal.
    'a square to a normal': {
      make: (u) => Float64Array.from({ length: 2 * count }, (_, i) => 3.4 * at(u, i) - 1.7),
      log: (points) => logGaussian(points, { mean: [0, 0] }),
      truth: -2 * Math.log(3.4) + Math.log(2 * Math.PI) + 1.7 ** 2 / 3,
    },
    // −log 2b − 1 of a Laplace of scale b; to one of scale 1 that is b − 1 − log b a coordinate.
    'Laplace, ½ to 1': {
      make: (u) =>
        Float64Array.from({ length: 2 * count }, (_, i) => {
          const half = at(u, i) - 0.5;
          return -0.5 * Math.sign(half) * Math.log(1 - 2 * Math.abs(half));
        }),
      log: ({ values }) =>
        Float64Array.from(
          { length: count },
          (_, row) => -Math.abs(values[2 * row]!) - Math.abs(values[2 * row + 1]!) - 2 * Math.LN2,
        ),
      truth: 2 * (0.5 - 1 - Math.log(0.5)),
    },
  };
  const rows: Measured[] = [];
  for (const [name, shape] of Object.entries(shapes)) {
    const found = await repeated(repetitions, signal, (i) => {
      const points = { values: shape.make(numbers(name, i)), dim: 2 };
      return klToDensity(points, shape.log(points), { calibration: calibration(name, i) });
    });
    const what = { estimator: 'klToDensity', name, count, calibrated: true, otherShape: true };
    rows.push({ ...what, ...againstTruth(found, shape.truth) });
  }
  return rows;
}

async function ofEntropy({ log, signal }: How): Promise<readonly Measured[]> {
  log('entropy');
  const count = 500;
  const p: Gaussian = { mean: [0, 0, 0], scale: [2, 1, 0.5] };
  const truth = 1.5 * Math.log(2 * Math.PI * Math.E);
  const name = 'a normal, 3 dimensions';
  const at = (calibrated: boolean): Promise<readonly NeighbourEstimate[]> =>
    repeated(repetitions, signal, (i) =>
      entropy(
        gaussianPoints(noiseOf(name, i), count, p),
        calibrated ? { calibration: calibration(name, i) } : {},
      ),
    );
  const what = { estimator: 'entropy', name, count };
  return [
    { ...what, calibrated: false, ...againstTruth(await at(false), truth) },
    { ...what, calibrated: true, ...againstTruth(await at(true), truth) },
  ];
}

/** The least number of 200 intervals of 95 % that a fair count leaves, with three standard errors: 181. */
export const least: number = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / repetitions);

export async function divergences(how: How): Promise<readonly DivergenceRow[]> {
  const rows = [...(await ofEntropy(how))];
  for (const pair of pairs) rows.push(...(await ofPair(pair, how)));
  rows.push(await ofAggregate(how), ...(await otherShapes(how)));
  for (const pair of pairs) rows.push(await byClassifier(pair, how));
  return rows.map((row) => ({
    ...row,
    gated:
      row.estimator === 'klByClassifier' || (row.calibrated === true && row.otherShape !== true),
    holds: (row.estimator === 'klByClassifier' ? row.below : row.covered) >= least,
  }));
}
