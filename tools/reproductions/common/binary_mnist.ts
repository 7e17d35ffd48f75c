// MNIST as the command takes it.
import { binarise, traitsOf, type Dataset } from '@elbo/datasets';
import { loadSets } from '@elbo/datasets/node';
import type { Model, ModelParams } from '@elbo/objectives';
import { key } from '@elbo/random';
import type { Recipe } from '@elbo/recipes';
import { parseTrainingConfig, trainOptions } from '@elbo/training';
import type { Setting } from '../runner/setting.js';
import { onRows, rowNumbers } from './rows.js';

export const batchSize = 128;

/** Images whose pixels are 0 or 1: those that are trained on, 54,000, are binarised afresh at every read, the others once. */
export interface BinaryMnist {
  readonly train: Dataset;
  /** 6,000 of the training images, kept from training: whatever is chosen is chosen by these. */
  readonly validation: Dataset;
  /** The 10,000 test images, which are read once, at the end. */
  readonly held: Dataset;
  /** The same, with their grey values. */
  readonly grey: Dataset;
}

export async function binaryMnist(dataDir: string | undefined): Promise<BinaryMnist> {
  const sets = await loadSets('mnist', { ...(dataDir !== undefined && { dataDir }) });
  return {
    train: binarise(sets.train, 'dynamic'),
    validation: binarise(sets.validation, 'static'),
    held: binarise(sets.test, 'static'),
    grey: sets.test,
  };
}

/** What a section says of the images that its models were trained on. */
export const trained = ({ trainedOn }: { readonly trainedOn: number }): string =>
  trainedOn === 60_000
    ? 'Trained on all 60,000 training images, before a tenth of them was held out to validate on.'
    : `Trained on ${trainedOn.toLocaleString('en')} of the 60,000 training images: the others are held out to validate on.`;

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
