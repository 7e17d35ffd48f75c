import { DataError, disposeTree } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import {
  compareSamples,
  estimateOf,
  frechetDistance,
  kernelDistanceByBlocks,
  memorisation,
  nearestNeighbours,
  pointsOf,
  simulate,
} from '@elbo/evaluation';
import { fold, key, type Key } from '@elbo/random';
import { dispose, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { drawnFrom } from '../../config/row_form.js';
import type { RunWithData } from '../../use/load_run.js';
import { conditionsFor } from '../../use/pictures.js';
import { onRows, randomRows } from '../../use/rows.js';
import type { Metric } from '../metric.js';
import { featuresFor } from './feature_cache.js';

/** Fewer have no neighbourhoods to speak of. */
const fewestRows = 50;
/** Looking for copies goes through this many rows of either set, for the first of the samples. */
const searched = { rows: 5000, samples: 200 };

/**
 * How samples lie among training rows, by features of a small network that learned these data; and how held-out rows do,
 * which is what a perfect model's samples would get.
 */
export const samples: Metric = async (trained, { rows = 1000, seed }, host) => {
  const { sets } = trained;
  const count = Math.min(rows, sets.test.size, sets.train.size);
  if (count < fewestRows)
    throw new DataError(
      `--metric samples compares ${fewestRows} samples or more with as many rows; there are ${count} here.`,
    );
  const noise = fold(key(seed), 'samples');
  const most = Math.max(count, searched.rows);
  const test = randomRows(sets.test, most, noise);
  const train = randomRows(sets.train, most, noise);
  const { network, params, digest } = await featuresFor(sets.train, host);
  const drawn = await draw(trained, noise, count);
  try {
    const describe = (x: Tensor): Tensor2D => network.features(params, x);
    const among = (data: Dataset): Promise<Tensor2D> =>
      onRows(data, { count, noise, model: undefined }, ({ x }) => Promise.resolve(describe(x)));
    const held = await among(test);
    const training = await among(train);
    const made = describe(drawn);
    try {
      const ofSamples = await distances(made, training);
      const ofData = await distances(held, training);
      const quality = await onRows(test, { count, noise, model: undefined }, async (batch) => {
        const value = network.quality(params, batch);
        const [share] = await value.data<'float32'>();
        value.dispose();
        return share!;
      });
      return {
        metric: 'samples',
        rows: count,
        drawn: drawsOf(sets.train),
        ...interleaved(ofSamples, ofData),
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

function drawsOf({ binary }: Dataset): 'draws of p(x|z)' | 'means of p(x|z)' {
  return binary ? 'draws of p(x|z)' : 'means of p(x|z)';
}

/**
 * Samples as data are: draws of p(x|z) where these are binary, for means would be told from them by their greys alone;
 * else means, to which nobody adds the noise of p(x|z).
 */
async function draw(
  { model, params, sets }: RunWithData,
  noise: Key,
  count: number,
): Promise<Tensor> {
  const given = drawnFrom(sets.test);
  const condition = await conditionsFor(given, count, undefined, fold(noise, 'condition'));
  try {
    if (drawsOf(sets.train) === 'means of p(x|z)')
      return model.sample(params.primal, noise, count, condition);
    const { batch, z } = simulate(model, params.primal, noise, count, condition);
    z.dispose();
    return batch.x;
  } finally {
    condition?.dispose();
  }
}

/** Figures of features, from those of training rows. */
async function distances(
  features: Tensor2D,
  training: Tensor2D,
): Promise<Readonly<Record<string, number>>> {
  const [p, q] = [await pointsOf(features), await pointsOf(training)];
  const { precision, recall, density, coverage, diversity } = await compareSamples(
    features,
    training,
  );
  const kernel = kernelDistanceByBlocks(p, q);
  return {
    frechet: frechetDistance(p, q),
    kernel: kernel.mean,
    kernelError: kernel.error,
    precision,
    recall,
    density,
    coverage,
    diversity,
  };
}

/** Each figure of samples with the same of data behind it. */
function interleaved(
  ofSamples: Readonly<Record<string, number>>,
  ofData: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(ofSamples).flatMap(([name, value]) => [
      [name, value],
      [name.replace(/(Error)?$/, 'OfData$1'), ofData[name]!],
    ]),
  );
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
