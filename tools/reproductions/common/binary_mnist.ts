// MNIST as the command takes it.
import { binarise, traitsOf, type Dataset } from '@elbo/datasets';
import { loadDataset } from '@elbo/datasets/node';
import type { Model, ModelParams } from '@elbo/objectives';
import { key } from '@elbo/random';
import type { Recipe } from '@elbo/recipes';
import { parseTrainingConfig, trainOptions } from '@elbo/training';
import type { Setting } from '../runner/setting.js';
import { onRows, rowNumbers } from './rows.js';

export const batchSize = 128;

/** The training images binarised afresh at every read; the test images binarised once, and as they are. */
export interface BinaryMnist {
  readonly train: Dataset;
  readonly held: Dataset;
  readonly grey: Dataset;
}

export async function binaryMnist(dataDir: string | undefined): Promise<BinaryMnist> {
  const load = (split: 'train' | 'test'): Promise<Dataset> =>
    loadDataset('mnist', { ...(dataDir !== undefined && { dataDir }), split });
  const [train, grey] = await Promise.all([load('train'), load('test')]);
  return { train: binarise(train, 'dynamic'), held: binarise(grey, 'static'), grey };
}

/** What a recipe is built for. */
export interface RecipeRun {
  readonly train: Dataset;
  readonly steps: number;
  readonly seed: number;
}

/** What `elbo train` makes of a recipe. */
export function byRecipe(
  recipe: Recipe,
  options: Readonly<Record<string, unknown>>,
  { train, steps, seed }: RecipeRun,
): Setting {
  const { model, training, prepare } = recipe.build(traitsOf(train), options, { steps, batchSize });
  const config = parseTrainingConfig({ ...training, steps, batchSize, seed });
  return {
    model,
    data: prepare ? prepare(train) : train,
    training: trainOptions(config, recipe.registry),
  };
}

/** Codes of a dataset's first rows, `[count, Z]` flattened, and these rows' labels. */
export function codesOf(
  model: Model,
  { primal }: ModelParams,
  data: Dataset,
  count: number,
): Promise<{ readonly codes: Float32Array; readonly labels: Int32Array }> {
  return onRows(data, rowNumbers(count), async (batch) => {
    const z = model.encode(primal, batch, key(1));
    const [codes, labels] = await Promise.all([
      z.data<'float32'>(),
      batch.label!.data<'float32'>(),
    ]);
    z.dispose();
    return { codes, labels: Int32Array.from(labels) };
  });
}
