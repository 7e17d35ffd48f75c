import { encodeSafetensors, flatten, type HostTensor, type Params } from '@elbo/core';
import {
  generatorOf,
  usedParts,
  type DataForm,
  type Model,
  type ModelParams,
} from '@elbo/objectives';
import { expectPart, format, version, type ModelForm, type ModelPart } from './model_format.js';

/** What is written of a model. */
export interface EncodeModelOptions {
  /**
   * The part that is written. `decoder`: with the prior, so that it samples. `encoder`: what makes codes of rows. By default all
   * that the model is used by, which leaves out adversaries unless its ELBO is what they estimate.
   */
  readonly part?: ModelPart | undefined;
}

/**
 * A model and its weights as the bytes of one safetensors file, whose metadata say what model they are of: `loadModel` needs no
 * more. Tensors are named by path, `decoder/dense_0/kernel`.
 *
 * @param form What it was told of its data: a dataset says it.
 * @throws CompositionError for a part that the model lacks, or that is of no use alone.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { encodeModel, loadModel, recipes, standard } from '@elbo/models';
 * import { key } from '@elbo/random';
 *
 * await selectBackend({ backend: 'cpu' });
 * const form = { shape: [4] };
 * const { model } = recipes.find(({ name }) => name === 'vae')!.build({ ...form, unit: true }, {}, { steps: 9, batchSize: 9 });
 * const bytes = await encodeModel(model, model.init(key(1), form.shape), form);
 * console.log((await loadModel(bytes, standard)).model.config.kind); // vae
 * ```
 */
export async function encodeModel(
  model: Model,
  params: ModelParams,
  form: DataForm & ModelForm,
  { part }: EncodeModelOptions = {},
): Promise<Uint8Array> {
  if (part) expectPart(model, part);
  const { config, parts } = written(model, part);
  const all: Readonly<Record<string, Params>> = { ...params.primal, dual: params.dual };
  const tensors = new Map<string, HostTensor>();
  for (const name of parts)
    for (const { path, tensor } of flatten(all[name] ?? {}))
      tensors.set(`${name}/${path}`, {
        shape: tensor.shape,
        values: await tensor.data<'float32'>(),
      });
  const { shape, conditions, alphabet } = form;
  return encodeSafetensors({
    tensors,
    metadata: {
      format,
      version,
      config: JSON.stringify(config),
      data: JSON.stringify({ shape, conditions, alphabet }),
      parts: JSON.stringify(parts),
    },
  });
}

/** What a file says that it holds. */
function written(
  model: Model,
  part: ModelPart | undefined,
): Pick<Model, 'config'> & { readonly parts: readonly string[] } {
  if (part === 'decoder') {
    const generator = generatorOf(model);
    return { config: generator.config, parts: usedParts(generator) };
  }
  return { config: model.config, parts: part ? [part] : usedParts(model) };
}
