import { sizeOf } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { sliceRows } from '@elbo/evaluation';
import type { Batch, Model, ModelParams } from '@elbo/objectives';
import { fold, key, ofRows, type Key } from '@elbo/random';
import { grid, pairGrid, scatterSvg } from '@elbo/report';
import { dispose, slice, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { DrawnRows } from '../config/row_form.js';
import { RequestError } from '../request_error.js';
import { expectPicture } from '../room.js';
import { onRows } from './rows.js';

/** Whether rows of a dataset can be shown as images. */
export function isImages(shape: readonly number[]): boolean {
  return shape.length === 3 && (shape[2] === 1 || shape[2] === 3);
}

/** The values of a tensor, which is freed. */
async function valuesOf(tensor: Tensor): Promise<Float32Array> {
  try {
    return await tensor.data<'float32'>();
  } finally {
    tensor.dispose();
  }
}

/** Rows that are made together: what a network needs for one may be a thousand times the image. */
export const together = 500;

/** Values of `count` images of `size` numbers, made in parts. */
export async function inParts(
  count: number,
  size: number,
  make: (first: number, part: number) => Tensor,
): Promise<Float32Array> {
  const all = new Float32Array(count * size);
  for (let first = 0; first < count; first += together)
    all.set(await valuesOf(make(first, Math.min(together, count - first))), first * size);
  return all;
}

/** What a model makes of the rows of a batch, `size` numbers of each, in parts: the same as of all at once. */
function ofBatch(
  batch: Batch,
  size: number,
  noise: Key,
  make: (part: Batch, noise: Key) => Tensor,
): Promise<Float32Array> {
  const [of] = batch.x.shape;
  return inParts(of, size, (first, count) => {
    const part = sliceRows(batch, first, count);
    try {
      return make(part, ofRows(noise, { first, count, of }));
    } finally {
      dispose(Object.values(part));
    }
  });
}

/** What samples are conditioned on, `[count, C]`: one class, or one after the other; or what held-out rows have. */
export async function conditionsFor(
  rows: DrawnRows,
  count: number,
  only: number | undefined,
  noise: Key,
): Promise<Tensor2D | undefined> {
  const { conditions, onLabels } = rows;
  if (only !== undefined && !(onLabels && conditions !== undefined && only < conditions))
    throw new RequestError(
      onLabels
        ? `--class ${only}: the classes are 0 to ${(conditions ?? 0) - 1}.`
        : '--class needs a model that was trained with --condition label.',
    );
  if (conditions === undefined) return undefined;
  if (onLabels) {
    const values = new Float32Array(count * conditions);
    for (let i = 0; i < count; i++) values[i * conditions + (only ?? i % conditions)] = 1;
    return tensor2d(values, [count, conditions]);
  }
  const data = await rows.read();
  const first = Uint32Array.from({ length: count }, (_, i) => i % data.size);
  const { condition } = await data.read(first, noise);
  return condition && tensor2d(condition, [count, conditions]);
}

/** PNG of `count` samples, of models of such rows. */
export async function samplesPng(
  model: Model,
  params: ModelParams,
  like: DrawnRows,
  {
    seed,
    count,
    columns,
    class: only,
  }: {
    readonly seed: number;
    readonly count: number;
    readonly columns?: number;
    readonly class?: number;
  },
): Promise<Uint8Array> {
  const { shape } = like;
  expectPicture(count, shape, 'lower --count');
  const noise = fold(key(seed), 'samples');
  const condition = await conditionsFor(like, count, only, fold(noise, 'condition'));
  try {
    const images = await inParts(count, sizeOf(shape), (first, part) => {
      const rows = ofRows(noise, { first, count: part, of: count });
      const given = condition && slice(condition, [first, 0], [part, -1]);
      try {
        return model.sample(params.primal, rows, part, given);
      } finally {
        given?.dispose();
      }
    });
    return grid(images, { count, shape, ...(columns !== undefined && { columns }) });
  } finally {
    condition?.dispose();
  }
}

/** PNG of the first `count` rows above what the model makes of them. */
export async function reconstructionsPng(
  model: Model,
  params: ModelParams,
  data: Dataset,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<Uint8Array> {
  expectPicture(2 * Math.min(count, data.size), data.shape, 'lower --count');
  const noise = fold(key(seed), 'reconstructions');
  return onRows(data, { count, noise, model }, async (batch) => {
    const originals = await batch.x.data<'float32'>();
    const made = await ofBatch(batch, sizeOf(data.shape), noise, (part, keys) =>
      model.reconstruct(params.primal, part, keys),
    );
    return pairGrid(originals, made, { count: batch.x.shape[0], shape: data.shape });
  });
}

/** SVG of one draw of z for each of the first `count` rows, coloured by label. */
export async function latentSvg(
  model: Model,
  params: ModelParams,
  data: Dataset,
  { seed, count, step }: { readonly seed: number; readonly count: number; readonly step?: number },
): Promise<string> {
  const noise = fold(key(seed), 'latent');
  return onRows(data, { count, noise, model }, async (batch, labels) => {
    const dims = model.prior.dim;
    const points = await ofBatch(batch, dims, noise, (part, keys) =>
      model.encode(params.primal, part, keys),
    );
    return scatterSvg({
      points,
      dims,
      ...(labels && { labels }),
      title: `One draw of z for each of ${batch.x.shape[0]} held-out rows${step === undefined ? '' : `, as of step ${step}`}`,
    });
  });
}
