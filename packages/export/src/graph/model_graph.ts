import { selectBackend } from '@elbo/backends';
import { CompositionError, flatten, mapTree, NumericalError, type Params } from '@elbo/core';
import {
  hasElbo,
  usedParts,
  type DataForm,
  type Model,
  type ModelParams,
  type Moments,
} from '@elbo/objectives';
import { key as keyOf } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Graph } from './graph.js';
import { recorded } from './recorded.js';
import { trace } from './trace.js';

/**
 * What is made a graph of a model. `encoder`: x to z, and to the moments of q(z|x) where they need no noise. `decoder`: z to
 * the mean of p(x|z). `scorer`: x to minus the ELBO of each row, in nats.
 */
export type ExportPart = 'encoder' | 'decoder' | 'scorer';

/** What each part is computed by. */
interface Computation {
  /** The parts of the parameters that it needs. */
  readonly needs: readonly string[];
  inputs(rows: number): Readonly<Record<string, Tensor>>;
  run(
    params: ModelParams,
    inputs: Readonly<Record<string, Tensor>>,
  ): Readonly<Record<string, Tensor>>;
}

/** Seeds the noise that is no input: what every row shares. */
const key = keyOf(0);

/** How a part of a model is computed of inputs with any number of rows. */
export function computationOf(model: Model, form: DataForm, part: ExportPart): Computation {
  const condition = (rows: number): Record<string, Tensor> =>
    form.conditions === undefined ? {} : { condition: tf.zeros([rows, form.conditions]) };
  const data = (rows: number): Record<string, Tensor> => ({
    x: tf.zeros([rows, ...form.shape]),
    ...condition(rows),
  });
  const batchOf = ({ x, condition: given }: Readonly<Record<string, Tensor>>) => ({
    x: x!,
    ...(given && { condition: given as Tensor2D }),
  });
  if (part === 'decoder')
    return {
      needs: ['decoder'],
      inputs: (rows) => ({ z: tf.zeros([rows, model.prior.dim]), ...condition(rows) }),
      run: ({ primal }, { z, condition: given }) => ({
        x: model.decode(primal, z as Tensor2D, given as Tensor2D | undefined),
      }),
    };
  expectEncoder(model, part);
  if (part === 'scorer') {
    expectScores(model);
    return {
      needs: usedParts(model),
      inputs: data,
      run: (params, inputs) => ({ score: model.score(params, batchOf(inputs), key) }),
    };
  }
  return {
    needs: ['encoder'],
    inputs: data,
    run: ({ primal }, inputs) => {
      const forward = model.forward(primal, batchOf(inputs), { step: 0, key, training: false });
      try {
        const { z, posterior } = forward.pass;
        const moments = model.offers.includes('moments')
          ? (posterior as unknown as Moments)
          : undefined;
        return {
          z,
          ...(moments && { mean: moments.mean, logVar: moments.logVar }),
        };
      } finally {
        forward.dispose();
      }
    },
  };
}

/**
 * A part of a model as a graph for any number of rows, its weights in it, whatever backend they are on. It is traced on the
 * plain backend, and the current one is the same afterwards.
 *
 * @throws CompositionError for a part that the model lacks, or that is not the same computation for every number of rows;
 * NumericalError for weights that are not finite.
 */
export async function modelGraph(
  model: Model,
  params: ModelParams,
  form: DataForm,
  part: ExportPart,
): Promise<Graph> {
  const computation = computationOf(model, form, part);
  const own = await hostWeights(params, computation.needs, part);
  const before = tf.getBackend() as string | undefined;
  await selectBackend({ backend: 'cpu' });
  const made: Tensor[] = [];
  try {
    const weights = new Map<string, Tensor>();
    const moved = mapTree(own.tree, (leaf, path) => {
      const tensor = tf.keep(tf.tensor(own.values.get(path)!, leaf.shape, 'float32'));
      made.push(tensor);
      weights.set(path, tensor);
      return tensor;
    });
    const { dual = {}, ...primal } = moved;
    const on = { primal, dual } as unknown as ModelParams;
    return await recorded({
      part,
      withoutNoise: ['mean', 'logVar'],
      trace: (rows, wanted) => {
        const inputs = computation.inputs(rows);
        made.push(...Object.values(inputs));
        return trace(() => computation.run(on, inputs), { inputs, weights }, wanted);
      },
    });
  } finally {
    tf.dispose(made);
    if (before && before !== 'cpu') await tf.setBackend(before);
  }
}

interface HostWeights {
  readonly tree: Params;
  readonly values: ReadonlyMap<string, Float32Array>;
}

async function hostWeights(
  { primal, dual }: ModelParams,
  needs: readonly string[],
  part: ExportPart,
): Promise<HostWeights> {
  const all: Readonly<Record<string, Params | undefined>> = { ...primal, dual };
  const tree: Record<string, Params> = {};
  for (const name of needs) {
    const found = all[name];
    if (!found)
      throw new CompositionError(
        `The ${part} cannot be exported: the weights of the ${name} are not there. Take the whole model.`,
      );
    tree[name] = found;
  }
  const values = new Map<string, Float32Array>();
  for (const { path, tensor } of flatten(tree)) {
    const numbers = await tensor.data<'float32'>();
    if (!numbers.every((value) => Number.isFinite(value)))
      throw new NumericalError(
        `The ${part} is not exported: its weight '${path}' holds a value that is not finite. Take another checkpoint.`,
      );
    values.set(path, numbers);
  }
  return { tree, values };
}

function expectEncoder({ encoder }: Model, part: ExportPart): void {
  if (!encoder)
    throw new CompositionError(
      `This model has no encoder, so there is no ${part} to export: choose decoder.`,
    );
}

/** @throws CompositionError that says why a model gives no score. */
function expectScores(model: Model): void {
  if (hasElbo(model)) return;
  const why = model.offers.includes('logProb')
    ? 'its terms make no bound'
    : 'its terms make no bound, and an implicit posterior has no density to make one of';
  throw new CompositionError(
    `This model has no scorer to export: ${why}, so it has no ELBO. Export the encoder and the decoder.`,
  );
}
