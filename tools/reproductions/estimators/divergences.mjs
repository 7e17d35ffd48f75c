// KL divergences that are known, by every estimator, two hundred times each.
import {
  aggregateKl,
  entropy,
  klBetweenSamples,
  klByClassifier,
  klToDensity,
} from '@elbo/evaluation';
import { fold, key, uniform } from '@elbo/random';
import { againstTruth, repeated } from './coverage.mjs';
import { gaussianKl, gaussianPoints, logGaussian } from './gaussians.mjs';
import { worldOf } from './world.mjs';

const repetitions = 200;
const times = (dim, value) => Array.from({ length: dim }, () => value);

/** Pairs p, q of normals, and how many are drawn of each. */
const pairs = [
  { name: 'equal, 2 dimensions', p: { mean: [0, 0] }, q: { mean: [0, 0] }, count: 500 },
  {
    name: 'apart, 2 dimensions',
    p: { mean: [0, 0], scale: [0.7, 0.8] },
    q: { mean: [0.6, -0.3] },
    count: 500,
  },
  { name: 'apart, 5 dimensions', p: { mean: times(5, 0) }, q: { mean: times(5, 0.4) }, count: 500 },
];

const noiseOf = (name, i) => fold(fold(key(i), 'divergences'), name);

/** A pair's draws in repetition i. */
const drawnOf = ({ name, p, q, count }, i) => [
  gaussianPoints(fold(noiseOf(name, i), 'p'), count, p),
  gaussianPoints(fold(noiseOf(name, i), 'q'), count, q),
];

const calibration = (name, i) => ({ key: fold(noiseOf(name, i), 'calibration') });

/** What is estimated of a pair, by the names of estimators; `plain` is without calibration. */
const estimators = {
  klToDensity: ({ p, q, calibrate }) => klToDensity(p.points, logGaussian(p.points, q), calibrate),
  klBetweenSamples: ({ p, q, calibrate }) => klBetweenSamples(p.points, q.points, calibrate),
};

async function ofPair(pair, { log, signal }) {
  const truth = gaussianKl(pair.p, pair.q);
  const rows = [];
  for (const [estimator, estimate] of Object.entries(estimators)) {
    log(`${estimator}: ${pair.name}`);
    const at = (calibrated) =>
      repeated(repetitions, signal, (i) => {
        const [points, others] = drawnOf(pair, i);
        return estimate({
          p: { points },
          q: { ...pair.q, points: others },
          calibrate: calibrated ? { calibration: calibration(pair.name, i) } : {},
        });
      });
    const what = { estimator, name: pair.name, count: pair.count };
    rows.push({ ...what, calibrated: false, ...againstTruth(await at(false), truth) });
    rows.push({ ...what, calibrated: true, ...againstTruth(await at(true), truth) });
  }
  return rows;
}

/** By classifiers: a lower bound, so its lower end counts. */
async function byClassifier(pair, { log, signal }) {
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
async function ofAggregate({ log, signal }) {
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
  const [[a, b], [, c]] = covariance.map((row, i) =>
    row.map((value, j) => (spread ** 2 - 1) * value + Number(i === j)),
  );
  const truth = 0.5 * (a + c - 2 - Math.log(a * c - b * b));
  return {
    estimator: 'aggregateKl',
    name: 'linear-Gaussian, twice too wide',
    count,
    calibrated: true,
    ...againstTruth(found, truth),
  };
}

/** Two shapes that are not normal, of which calibration knows nothing. */
async function otherShapes({ log, signal }) {
  log('klToDensity: other shapes');
  const count = 500;
  const numbers = (name, i) => uniform(fold(noiseOf(name, i), 'p'), 4 * count);
  /** Uniform numbers in doubles: of 48 bits. */
  const at = (u, i) => (u[i] + u[2 * count + i] * 2 ** -24) % 1;
  const shapes = {
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
          (_, row) => -Math.abs(values[2 * row]) - Math.abs(values[2 * row + 1]) - 2 * Math.LN2,
        ),
      truth: 2 * (0.5 - 1 - Math.log(0.5)),
    },
  };
  const rows = [];
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

async function ofEntropy({ log, signal }) {
  log('entropy');
  const [count, p] = [500, { mean: [0, 0, 0], scale: [2, 1, 0.5] }];
  const truth = 1.5 * Math.log(2 * Math.PI * Math.E);
  const name = 'a normal, 3 dimensions';
  const at = (calibrated) =>
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
export const least = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / repetitions);

export async function divergences(how) {
  const rows = await ofEntropy(how);
  for (const pair of pairs) rows.push(...(await ofPair(pair, how)));
  rows.push(await ofAggregate(how), ...(await otherShapes(how)));
  for (const pair of pairs) rows.push(await byClassifier(pair, how));
  return rows.map((row) => ({
    ...row,
    gated: row.estimator === 'klByClassifier' || (row.calibrated && !row.otherShape),
    holds: (row.estimator === 'klByClassifier' ? row.below : row.covered) >= least,
  }));
}
