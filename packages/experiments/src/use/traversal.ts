import { sizeOf } from '@elbo/core';
import { subset } from '@elbo/datasets';
import { unitVariances } from '@elbo/evaluation';
import { fold, key, type Key } from '@elbo/random';
import { grid } from '@elbo/report';
import { zeros, type Tensor2D } from '@tensorflow/tfjs-core';
import { RequestError } from '../request_error.js';
import { expectPicture } from '../room.js';
import type { LoadedRun } from './load_run.js';
import { conditionsFor } from './conditions.js';
import { inParts, together } from './parts.js';
import { onRows } from './rows.js';

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

/** A coordinate of z, and the variance over the model's own samples of its posterior means, where there is an encoder. */
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

/**
 * Means of p(x|z) with one coordinate of z at a time set to each of some values from −2.5 to 2.5: of the coordinates that
 * the encoder finds to vary most over samples of the model, the most used first; without an encoder, in their order. Data
 * are read for `row` alone.
 *
 * @throws RequestError for a row that does not exist, or of a model without an encoder.
 */
export async function traversal(
  opened: LoadedRun,
  { count, columns, row, class: only, seed }: TraversalOptions,
): Promise<Traversal> {
  const { model, params, rows } = opened;
  const { shape } = rows;
  expectPicture(Math.min(count, model.prior.dim) * columns, shape, 'lower --count or --columns');
  const noise = fold(key(seed), 'traversal');
  const values = Array.from({ length: columns }, (_, i) =>
    columns === 1 ? 0 : reach * ((2 * i) / (columns - 1) - 1),
  );
  const { z, condition } = await startOf(opened, { row, only }, noise);
  try {
    const coordinates = (await mostUsed(opened, only, noise)).slice(0, count);
    const size = sizeOf(shape);
    const images = new Float32Array(coordinates.length * columns * size);
    for (const [i, { coordinate }] of coordinates.entries()) {
      const line = await inParts(columns, size, (first, part) => {
        const some = values.slice(first, first + part);
        return model.traverse(params.primal, z, coordinate, some, condition);
      });
      images.set(line, i * columns * size);
    }
    const total = coordinates.length * columns;
    return { png: grid(images, { count: total, shape, columns }), coordinates, values };
  } finally {
    z.dispose();
    condition?.dispose();
  }
}

async function mostUsed(
  { model, params, rows }: LoadedRun,
  only: number | undefined,
  noise: Key,
): Promise<readonly Coordinate[]> {
  if (!model.encoder)
    return Array.from({ length: model.prior.dim }, (_, coordinate) => ({ coordinate }));
  const condition = await conditionsFor(rows, together, only, fold(noise, 'conditions'));
  const x = model.sample(params.primal, fold(noise, 'samples'), together, condition);
  try {
    const batch = { x, ...(condition && { condition }) };
    const variances = await unitVariances(model, params, batch, fold(noise, 'variances'));
    return variances
      .map((variance, coordinate) => ({ coordinate, variance }))
      .sort((a, b) => b.variance - a.variance);
  } finally {
    x.dispose();
    condition?.dispose();
  }
}

/** The code that a traversal starts from, `[1, Z]`, with its condition; the caller's. */
async function startOf(
  { model, params, rows }: LoadedRun,
  { row, only }: { readonly row: number | undefined; readonly only: number | undefined },
  noise: Key,
): Promise<{ readonly z: Tensor2D; readonly condition: Tensor2D | undefined }> {
  if (row === undefined)
    return {
      z: zeros([1, model.prior.dim]),
      condition: await conditionsFor(rows, 1, only, noise),
    };
  if (!model.encoder)
    throw new RequestError('--row starts from the code of a row, and this model has no encoder.');
  const test = await rows.read();
  if (row >= test.size)
    throw new RequestError(`--row ${row}: the held-out rows are 0 to ${test.size - 1}.`);
  return onRows(subset(test, [row]), { count: 1, noise, model }, (batch) =>
    Promise.resolve({
      z: model.encode(params.primal, batch, noise),
      condition: batch.condition?.clone(),
    }),
  );
}
