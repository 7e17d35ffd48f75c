import { unitVariances } from '@elbo/evaluation';
import { fold, key, type Key } from '@elbo/random';
import { grid } from '@elbo/runs';
import { concat, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { subset } from '@elbo/datasets';
import { conditionsFor } from './pictures.js';
import { expectPicture } from './room.js';
import { onRows } from './rows.js';
import type { Trained } from './trained.js';
import { UsageError } from './usage.js';

/** What is traversed. */
export interface TraversalOptions {
  /** How many coordinates, as many as there are. */
  readonly count: number;
  /** How many values of each. */
  readonly columns: number;
  /** The held-out row whose code the others keep; 0 in every coordinate without. */
  readonly row?: number;
  readonly class?: number;
  readonly seed: number;
}

/** A coordinate of z, and the variance over held-out rows of its posterior means, where there is an encoder. */
interface Coordinate {
  readonly coordinate: number;
  readonly variance?: number;
}

/** A picture with a row for each coordinate and a column for each of its values. */
export interface Traversal {
  readonly png: Uint8Array;
  readonly coordinates: readonly Coordinate[];
  readonly values: readonly number[];
}

/** How far a coordinate goes on either side: all but 1 % of a standard normal. */
const reach = 2.5;
/** Held-out rows by which coordinates are ranked. */
const ranked = 500;

/**
 * Means of p(x|z) with one coordinate of z at a time set to each of some values from −2.5 to 2.5: of the coordinates that
 * vary most over held-out rows, the most used first; without an encoder, in their order.
 *
 * @throws UsageError for a row that does not exist, or of a model without an encoder.
 */
export async function traversal(
  trained: Trained,
  { count, columns, row, class: only, seed }: TraversalOptions,
): Promise<Traversal> {
  const { model, params, sets } = trained;
  expectPicture(
    Math.min(count, model.prior.dim) * columns,
    sets.test.shape,
    'lower --count or --columns',
  );
  const noise = fold(key(seed), 'traversal');
  const coordinates = (await mostUsed(trained, noise)).slice(0, count);
  const values = Array.from({ length: columns }, (_, i) =>
    columns === 1 ? 0 : reach * ((2 * i) / (columns - 1) - 1),
  );
  const { z, condition } = await startOf(trained, { row, only }, noise);
  const lines: Tensor[] = [];
  try {
    for (const { coordinate } of coordinates)
      lines.push(model.traverse(params.primal, z, coordinate, values, condition));
    const all = concat(lines, 0);
    try {
      const images = await all.data<'float32'>();
      const { shape } = sets.test;
      return {
        png: grid(images, { count: coordinates.length * columns, shape, columns }),
        coordinates,
        values,
      };
    } finally {
      all.dispose();
    }
  } finally {
    for (const tensor of [z, condition, ...lines]) tensor?.dispose();
  }
}

async function mostUsed(
  { model, params, sets }: Trained,
  noise: Key,
): Promise<readonly Coordinate[]> {
  if (!model.encoder)
    return Array.from({ length: model.prior.dim }, (_, coordinate) => ({ coordinate }));
  const variances = await onRows(sets.test, { count: ranked, noise, model }, (batch) =>
    unitVariances(model, params, batch, fold(noise, 'variances')),
  );
  return variances
    .map((variance, coordinate) => ({ coordinate, variance }))
    .sort((a, b) => b.variance - a.variance);
}

/** The code that a traversal starts from, `[1, Z]`, with its condition; the caller's. */
async function startOf(
  { model, params, sets: { test } }: Trained,
  { row, only }: { readonly row: number | undefined; readonly only: number | undefined },
  noise: Key,
): Promise<{ readonly z: Tensor2D; readonly condition: Tensor2D | undefined }> {
  if (row === undefined)
    return {
      z: zeros([1, model.prior.dim]),
      condition: await conditionsFor(test, 1, only, noise),
    };
  if (!model.encoder)
    throw new UsageError('--row starts from the code of a row, and this model has no encoder.');
  if (row >= test.size)
    throw new UsageError(`--row ${row}: there are the held-out rows 0 to ${test.size - 1}.`);
  return onRows(subset(test, [row]), { count: 1, noise, model }, (batch) =>
    Promise.resolve({
      z: model.encode(params.primal, batch, noise),
      condition: batch.condition?.clone(),
    }),
  );
}
