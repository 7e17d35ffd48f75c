import { sizeOf } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { sliceRows } from '@elbo/evaluation';
import type { Batch, Model, ModelParams } from '@elbo/objectives';
import { fold, key, ofRows, type Key } from '@elbo/random';
import { pairGrid, scatterSvg } from '@elbo/report';
import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import { expectPicture } from '../room.js';
import { inParts } from './parts.js';
import { onRows } from './rows.js';

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
      ...(data.classNames && { names: data.classNames }),
      title: `One draw of z for each of ${batch.x.shape[0]} held-out rows${step === undefined ? '' : `, as of step ${step}`}`,
    });
  });
}
