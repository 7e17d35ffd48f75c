import type { DataForm, Model, ModelParams } from '@elbo/objectives';
import { describe } from './describe.js';
import { modelGraph, type ExportPart } from './graph/model_graph.js';
import { onnxOf } from './onnx/onnx_of.js';
import { graphModelOf, type GraphModel } from './tfjs/graph_model.js';

/** What is written of a model. */
export interface ExportOptions {
  readonly part: ExportPart;
  /** Beside what is said of the model itself: where it comes from, for one. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A part of a model as the bytes of one ONNX file, for any number of rows, with operators of version 17. Inputs and outputs are
 * float32; noise is an input, `noise` or `noise_0`, `noise_1`, …, and the metadata say how it is drawn.
 *
 * @param form What the model was told of its data: a dataset says it.
 * @throws CompositionError for a part that the model lacks or that cannot be exported; NumericalError for weights that are not
 * finite.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { encodeOnnx } from '@elbo/export';
 * import { recipes } from '@elbo/models';
 * import { key } from '@elbo/random';
 *
 * await selectBackend({ backend: 'cpu' });
 * const form = { shape: [4] };
 * const { model } = recipes.find(({ name }) => name === 'vae')!.build({ ...form, unit: true }, {}, { steps: 9, batchSize: 9 });
 * const bytes = await encodeOnnx(model, model.init(key(1), form.shape), form, { part: 'decoder' });
 * console.log(bytes.length > 1000); // true
 * ```
 */
export async function encodeOnnx(
  model: Model,
  params: ModelParams,
  form: DataForm,
  { part, metadata = {} }: ExportOptions,
): Promise<Uint8Array> {
  const graph = await modelGraph(model, params, form, part);
  return onnxOf(graph, describe(model, form, part, graph, metadata));
}

/**
 * A part of a model as a graph model, which TensorFlow.js itself runs: `loadGraphModel` of `@tensorflow/tfjs-converter`. The
 * same inputs and outputs as `encodeOnnx`.
 *
 * @returns `model`, the bytes of `model.json`, and `weights`, those of `weights.bin` beside it.
 * @throws as `encodeOnnx`.
 */
export async function encodeGraphModel(
  model: Model,
  params: ModelParams,
  form: DataForm,
  { part, metadata = {} }: ExportOptions,
): Promise<GraphModel> {
  const graph = await modelGraph(model, params, form, part);
  return graphModelOf(graph, describe(model, form, part, graph, metadata));
}
