import { sizeOf } from '@elbo/core';
import type { Model, ModelParams } from '@elbo/objectives';
import { fold, key, ofRows, type Key } from '@elbo/random';
import { slice, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { DrawnRows } from '../config/row_form.js';
import { RequestError } from '../request_error.js';
import { expectPicture, expectRoomForValues } from '../room.js';
import type { LoadedRun } from './load_run.js';
import { conditionsFor } from './conditions.js';
import { inParts, isImages } from './parts.js';
import { valuesPng, type Values } from './values.js';

/** What stands for p(x|z): a draw of it, or its mean. */
export type Drawn = 'draws' | 'means';

/** What is sampled. */
export interface SamplesOptions {
  readonly count: number;
  readonly seed: number;
  /** Of a model conditioned on labels: all of this class. */
  readonly class?: number | undefined;
  /** By default means of images and draws of everything else. */
  readonly what?: Drawn | undefined;
}

/** Samples, and what they are. */
export interface Samples extends Values {
  readonly what: Drawn;
}

/** What is usual for rows of a shape: the noise of p(x|z) says nothing on an image, and everything else is what it is with it. */
export const usualDrawn = (shape: readonly number[]): Drawn =>
  isImages(shape) ? 'means' : 'draws';

/**
 * Samples of a run's model, of the form of its data: at the same seed the means are those of the pictures, and the draws are at
 * the same z.
 *
 * @throws RequestError for a class that there is not.
 */
export async function samples(
  { model, params, rows }: Pick<LoadedRun, 'model' | 'params' | 'rows'>,
  { count, seed, class: only, what = usualDrawn(rows.shape) }: SamplesOptions,
): Promise<Samples> {
  expectRoomForValues(count, rows.shape, 'lower --count');
  const noise = fold(key(seed), 'samples');
  const condition = await conditionsFor(rows, count, only, fold(noise, 'condition'));
  try {
    const values = await inParts(count, sizeOf(rows.shape), (first, part) => {
      const some = ofRows(noise, { first, count: part, of: count });
      return tidy(() => {
        const given = condition && slice(condition, [first, 0], [part, -1]);
        return what === 'means'
          ? model.sample(params.primal, some, part, given)
          : drawsOf(model, params, some, part, given);
      });
    });
    const { shape, fields } = rows;
    return { values, shape, fields, alphabet: await alphabetOf(rows), what };
  } finally {
    condition?.dispose();
  }
}

/** Draws of p(x|z) at the z of `model.sample`. */
function drawsOf(
  model: Model,
  { primal }: ModelParams,
  noise: Key,
  count: number,
  condition: Tensor2D | undefined,
): Tensor {
  const z = model.priorOf(primal).sample(fold(noise, 'sample'), count);
  const mode = { training: false, key: key(0) };
  return model.decoder.likelihood(primal.decoder, mode, z, condition).sample(fold(noise, 'draw'));
}

/**
 * The symbols of a run's rows, where they are sequences.
 *
 * Runs of earlier versions do not say them; then the data do.
 */
export async function alphabetOf(rows: LoadedRun['rows']): Promise<readonly string[] | undefined> {
  if (rows.alphabet || rows.shape.length !== 2) return rows.alphabet;
  return (await rows.read()).alphabet;
}

/** @throws RequestError for a model without an encoder. */
export function expectEncoder({ model }: Pick<LoadedRun, 'model'>, what: string): void {
  if (!model.encoder) throw new RequestError(`${what} needs an encoder, and this model has none.`);
}

/** PNG of means of p(x|z), of models of such rows. */
export async function samplesPng(
  model: Model,
  params: ModelParams,
  rows: DrawnRows,
  { columns, ...options }: Omit<SamplesOptions, 'what'> & { readonly columns?: number },
): Promise<Uint8Array> {
  expectPicture(options.count, rows.shape, 'lower --count');
  const drawn = await samples({ model, params, rows }, { ...options, what: 'means' });
  return valuesPng(drawn, columns);
}
