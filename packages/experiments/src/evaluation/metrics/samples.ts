import { DataError, disposeTree } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import {
  compareSamples,
  drawLike,
  drawnAs,
  estimateOf,
  frechetDistance,
  kernelDistanceByBlocks,
  memorisation,
  nearestNeighbours,
  pointsOf,
  resampled,
  type Estimate,
  type ResampledOptions,
} from '@elbo/evaluation';
import { fold, key, type Key } from '@elbo/random';
import { dispose, gather, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { drawnFrom } from '../../config/row_form.js';
import type { RunWithData } from '../../use/load_run.js';
import { conditionsFor } from '../../use/conditions.js';
import { onRows, randomRows } from '../../use/rows.js';
import type { Metric } from '../metric.js';
import { beside } from './beside.js';
import { featuresFor } from './feature_cache.js';

/** Fewer have no neighbourhoods to speak of. */
const fewestRows = 50;
/** Looking for copies goes through this many rows of either set, for the first of the samples. */
const searched = { rows: 5000, samples: 200 };

/**
 * How samples lie among training rows, by features of a small network that learned these data; and how as many held-out
 * rows do, which is what a perfect model's samples would get. Each figure is of a set of rows, and its error the standard
 * deviation from set to set.
 */
export const samples: Metric = async (trained, { rows = 1000, seed }, host) => {
  const { sets } = trained;
  const count = Math.min(rows, sets.test.size, sets.train.size);
  if (count < fewestRows)
    throw new DataError(
      `--metric samples compares ${fewestRows} samples or more with as many rows; there are ${count} here.`,
    );
  const noise = fold(key(seed), 'samples');
  const most = Math.max(2 * count, searched.rows);
  const test = randomRows(sets.test, most, noise);
  const train = randomRows(sets.train, most, noise);
  const { network, params, digest } = await featuresFor(sets.train, host);
  const { binary } = sets.train;
  // Figures of sets of `size` rows: of twice as many, so that sets differ.
  const pool = Math.min(2 * count, sets.test.size);
  const size = Math.floor(pool / 2);
  const drawn = await draw(trained, noise, pool);
  try {
    const describe = (x: Tensor): Tensor2D => network.features(params, x);
    const among = (data: Dataset, count: number): Promise<Tensor2D> =>
      onRows(data, { count, noise, model: undefined }, ({ x }) => Promise.resolve(describe(x)));
    const held = await among(test, pool);
    const training = await among(train, size);
    const made = describe(drawn);
    try {
      const ofSamples = await distances(made, training, { key: fold(noise, 'made'), size });
      const ofData = await distances(held, training, { key: fold(noise, 'held'), size });
      const quality = await onRows(test, { count, noise, model: undefined }, async (batch) => {
        const value = network.quality(params, batch);
        const [share] = await value.data<'float32'>();
        value.dispose();
        return share!;
      });
      return {
        metric: 'samples',
        rows: size,
        drawn: drawnAs(binary),
        ...beside(ofSamples, ofData),
        ...(await copies({ train, test }, drawn, noise)),
        features: `${network.width} of a ${network.learns === 'classes' ? 'classifier' : 'small autoencoder'}, ${digest}`,
        quality,
      };
    } finally {
      dispose([held, training, made]);
    }
  } finally {
    drawn.dispose();
    disposeTree(params);
  }
};

/** Samples in the form of the data: what `drawnAs` says. */
async function draw(
  { model, params, sets }: RunWithData,
  noise: Key,
  count: number,
): Promise<Tensor> {
  const given = drawnFrom(sets.test);
  const condition = await conditionsFor(given, count, undefined, fold(noise, 'condition'));
  try {
    return drawLike(sets.train.binary, model, params, noise, count, condition);
  } finally {
    condition?.dispose();
  }
}

/** Figures of features of sets of `size` rows, from those of training rows, and how much they vary. */
async function distances(
  features: Tensor2D,
  training: Tensor2D,
  options: ResampledOptions,
): Promise<Readonly<Record<string, Estimate>>> {
  const [p, q] = [await pointsOf(features), await pointsOf(training)];
  const spread = await resampled(features.shape[0], options, async (rows) => {
    const set = gather(features, Array.from(rows));
    try {
      const { precision, recall, density, coverage, diversity } = await compareSamples(
        set,
        training,
      );
      const frechet = frechetDistance(await pointsOf(set), q);
      return { frechet, precision, recall, density, coverage, diversity };
    } finally {
      set.dispose();
    }
  });
  const { frechet, ...others } = spread;
  return { frechet, kernel: kernelDistanceByBlocks(p, q), ...others };
}

/** Whether samples are copies of training rows, by the distances of their values. */
async function copies(
  { train, test }: Pick<RunWithData['sets'], 'train' | 'test'>,
  drawn: Tensor,
  noise: Key,
): Promise<Readonly<Record<string, number>>> {
  const each = Math.min(searched.rows, train.size, test.size);
  const values = (data: Dataset) =>
    onRows(data, { count: each, noise, model: undefined }, ({ x }) => pointsOf(x));
  const [training, held] = [await values(train), await values(test)];
  const first = ({ values, dim }: Awaited<ReturnType<typeof pointsOf>>) => ({
    values: values.subarray(0, searched.samples * dim),
    dim,
  });
  const found = memorisation(first(await pointsOf(drawn)), training, held);
  const nearest = estimateOf(found.distances);
  const { distances: ofHeld } = nearestNeighbours(first(held), training, 1);
  const reference = estimateOf(ofHeld);
  return {
    nearest: nearest.mean,
    nearestError: nearest.error,
    nearestOfData: reference.mean,
    nearestOfDataError: reference.error,
    closer: found.closer,
    closerError: Math.sqrt(0.25 / found.distances.length),
  };
}
