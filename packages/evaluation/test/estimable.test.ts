import '@tensorflow/tfjs-backend-cpu';
import { DataError, standardNormal } from '@elbo/core';
import { adversarialKl } from '@elbo/avb';
import type { PairNetwork } from '@elbo/discriminators';
import { compose, reconstruction, type Batch, type Model } from '@elbo/objectives';
import { key } from '@elbo/random';
import { fill, mul, ones, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { permutationTest } from '../src/two_samples/permutation_test.js';
import { median, samplingError } from '../src/estimate.js';
import {
  activeUnits,
  annealedLikelihood,
  classifierTest,
  compareSamples,
  diagnose,
  disentanglementOf,
  entropy,
  estimateLikelihood,
  estimateOf,
  findCollapse,
  frechetDistance,
  information,
  ownCodeGain,
  kernelDistance,
  kernelDistanceByBlocks,
  klBetweenSamples,
  klByClassifier,
  klToDensity,
  knnAccuracy,
  linearProbe,
  memorisation,
  mig,
  mmdTest,
  sap,
  sayEstimate,
  semiImplicitElbo,
  slicedWassersteinTest,
  unitVariances,
  type Points,
} from '../src/index.js';
import { gaussianPoints } from './gaussians.js';
import { decoder, encoderOf, params as primal, someRows, worldOf } from './world.js';

beforeAll(() => setBackend('cpu'));

const noise = { key: key(1) };
const line = (...values: readonly number[]): Points => ({
  values: Float64Array.from(values),
  dim: 1,
});
const holed = (points: Points): Points => ({ ...points, values: points.values.with(3, NaN) });
const some = gaussianPoints(1, 40, [0, 0]);

describe('values that are no numbers', () => {
  const labels = Array.from({ length: 40 }, (_, i) => (i >> 1) % 2);
  it.each<readonly [string, (p: Points) => unknown]>([
    ['entropy', (p) => entropy(p)],
    ['klToDensity', (p) => klToDensity(p, new Float64Array(40))],
    ['klBetweenSamples', (p) => klBetweenSamples(some, p)],
    ['frechetDistance', (p) => frechetDistance(some, p)],
    ['kernelDistance', (p) => kernelDistance(p, some)],
    ['mmdTest', (p) => mmdTest(p, some, noise)],
    ['slicedWassersteinTest', (p) => slicedWassersteinTest(p, some, noise)],
    ['klByClassifier', (p) => klByClassifier(p, some, noise)],
    ['classifierTest', (p) => classifierTest(p, some, noise)],
    ['memorisation', (p) => memorisation(p, some, some)],
    ['knnAccuracy', (p) => knnAccuracy({ points: p, labels }, { points: some, labels })],
    ['linearProbe', (p) => linearProbe({ points: some, labels }, { points: p, labels })],
    ['mig', (p) => mig({ codes: p, factors: line(...labels) })],
    ['sap', (p) => sap({ codes: p, factors: line(...labels) })],
    ['disentanglementOf', (p) => disentanglementOf({ codes: p, factors: line(...labels) }, noise)],
  ])('are no estimate by %s', async (_, estimate) => {
    // Two coordinates a point: value 3 is of point 1.
    const call = async (): Promise<unknown> => await estimate(holed(some));
    await expect(call()).rejects.toThrow(/not estimable, as point 1 holds NaN/);
    await expect(call()).rejects.toThrow(DataError);
  });

  it('have no median, and are as great as no other statistic', () => {
    expect(median([1, NaN, 3])).toBeNaN();
    expect(median([1, 2, 3])).toBe(2);
    expect(() => permutationTest(3, 3, () => NaN, noise)).toThrow('the statistic is NaN');
  });

  it('are not compared with data', async () => {
    const data = tensor2d(Float32Array.from(some.values), [40, 2]);
    await expect(compareSamples(fill([40, 2], NaN), data)).rejects.toThrow('not estimable');
    await expect(compareSamples(data, ones([40, 2]))).rejects.toThrow(
      'all rows of data are the same',
    );
  });
});

describe('too few', () => {
  it.each<readonly [string, number, (p: Points) => unknown]>([
    ['entropy', 5, (p) => entropy(p)],
    ['klBetweenSamples', 5, (p) => klBetweenSamples(p, p)],
    ['frechetDistance', 2, (p) => frechetDistance(p, p)],
    ['kernelDistance', 2, (p) => kernelDistance(p, p)],
    ['kernelDistanceByBlocks', 20, (p) => kernelDistanceByBlocks(p, p)],
    ['mmdTest', 2, (p) => mmdTest(p, p, noise)],
    ['klByClassifier', 10, (p) => klByClassifier(p, p, noise)],
    ['classifierTest', 4, (p) => classifierTest(p, p, noise)],
    ['mig', 2, (p) => mig({ codes: p, factors: p })],
    [
      'nearestNeighbours',
      5,
      (p) =>
        knnAccuracy(
          { points: line(0, 1), labels: [0, 1] },
          { points: line(...p.values), labels: [0] },
        ),
    ],
  ])('for %s, which needs %i', async (name, least, estimate) => {
    const call = async (): Promise<unknown> => await estimate(line(1));
    await expect(call()).rejects.toThrow(
      new RegExp(`${name}: not estimable from \\d+ points?; ${least} are the least`),
    );
  });

  it('classes tell a classifier nothing', () => {
    const one = { points: some, labels: Array.from({ length: 40 }, () => 3) };
    for (const judge of [linearProbe, knnAccuracy])
      expect(() => judge(one, one)).toThrow('not estimable from 1 class of training row; 2 are');
  });

  it('values have no mean, and a single one has no error', () => {
    expect(() => estimateOf([])).toThrow('not estimable from 0 values');
    expect(estimateOf([3])).toEqual({ mean: 3, error: NaN });
    expect(sayEstimate(estimateOf([3]))).toBe('3.00 (error not estimable)');
    expect(sayEstimate(estimateOf([1, 3]), 1)).toBe('2.0 ± 1.0');
    expect(sayEstimate({ mean: NaN, error: 1 })).toBe('not estimable');
    expect(sayEstimate({ mean: -1.5, error: 0.25 })).toBe('−1.50 ± 0.25');
  });

  it('samples tell nothing of how samples vary', async () => {
    expect(samplingError([1, 1], 1)).toBeNaN();
    expect(samplingError([2, 2], 2)).toBe(0);
    const { x } = await someRows(2);
    const found = await estimateLikelihood(worldOf(), primal, { x }, { ...noise, samples: 1 });
    expect(found.bias).toBeUndefined();
    expect(found.samplingError).toBeNaN();
    const annealed = await annealedLikelihood(
      worldOf(),
      primal,
      { x },
      {
        ...noise,
        chains: 1,
        temperatures: 2,
      },
    );
    expect(annealed.samplingError).toBeNaN();
  });
});

describe('a single held-out row', () => {
  const model = worldOf();
  const params = { primal, dual: {} };
  const one = async (): Promise<Batch> => ({ x: (await someRows(1)).x });

  it('has no neighbour, no variance, and no other row’s posterior', async () => {
    const batch = await one();
    const least = /not estimable from 1 row; 2 are the least/;
    await expect(ownCodeGain(model, params, batch, key(1))).rejects.toThrow(least);
    await expect(activeUnits(model, params, batch, key(1))).rejects.toThrow(least);
    await expect(information(model, primal, batch, noise)).rejects.toThrow(least);
  });

  it('is no dead encoder, and no sign of anything', async () => {
    const found = await findCollapse(model, params, await one(), { ...noise, step: 0 });
    expect(found.signs).toEqual([]);
    expect(found.encoder).toBeUndefined();
    expect(found.notEstimable).toEqual({
      samples: expect.stringContaining('from 1 row; 50 are the least') as string,
      encoder: expect.stringContaining('from 1 row; 2 are the least') as string,
    });
  });

  it('does not make an ELBO trustworthy', async () => {
    const { verdict, warnings, excess } = await diagnose(model, params, await one(), {
      ...noise,
      samples: 300,
    });
    expect(excess.error).toBeNaN();
    expect(verdict).toBe('unknown');
    expect(warnings.join()).toMatch(/one row tells too little/);
    expect(warnings.join()).not.toMatch(/NaN/);
  });
});

describe('parts that give NaN', () => {
  const critic: PairNetwork = {
    config: { kind: 'broken' },
    init: () => ({ params: {}, output: [1] }),
    apply: (_params, _mode, _x, z) => fill([z.shape[0], 1], NaN),
  };

  it('are not a saturated critic, nor modes that are missing, nor a dead encoder', async () => {
    const encoder = encoderOf();
    const whole = compose({
      prior: standardNormal(2),
      encoder: {
        ...encoder,
        posterior: (...given) => {
          const q = encoder.posterior(...given);
          return { ...q, sample: (at, samples) => mul(q.sample(at, samples), NaN) };
        },
      },
      decoder,
      terms: [reconstruction()],
    });
    const broken: Model = { ...whole, sample: (...given) => mul(whole.sample(...given), NaN) };
    const { x } = await someRows(60);
    const found = await findCollapse(broken, { primal, dual: {} }, { x }, { ...noise, step: 0 });
    expect(found.signs).toEqual([]);
    expect(Object.keys(found.notEstimable).sort()).toEqual(['encoder', 'samples']);
  });

  it('are no discriminator to judge by', async () => {
    const model = compose({
      prior: standardNormal(2),
      encoder: encoderOf(),
      decoder,
      terms: [reconstruction(), adversarialKl({ discriminator: critic })],
    });
    const { x } = await someRows(4);
    const params = model.init(key(1), [4]);
    await expect(diagnose(model, params, { x }, { ...noise, samples: 10 })).rejects.toThrow(
      'log-odds are NaN',
    );
  });
});

describe('options that leave nothing to estimate from', () => {
  it('are refused by name', async () => {
    const { x } = await someRows(4);
    const params = { primal, dual: {} };
    await expect(
      semiImplicitElbo(worldOf(), primal, { x }, { ...noise, draws: 0 }),
    ).rejects.toThrow("semiImplicitElbo: 'draws' must be a whole number from 1, not 0");
    await expect(unitVariances(worldOf(), params, { x }, key(1), 1)).rejects.toThrow(
      "unitVariances: 'draws' must be a whole number from 2",
    );
    expect(() => kernelDistanceByBlocks(some, some, 1)).toThrow("'blocks'");
    expect(() => entropy(some, { calibration: { ...noise, repetitions: 1 } })).toThrow(
      "'repetitions'",
    );
  });
});
