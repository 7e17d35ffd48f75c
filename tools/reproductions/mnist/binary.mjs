// MNIST as the command takes it.
import { binarise, traitsOf } from '@elbo/datasets';
import { loadDataset } from '@elbo/datasets/node';
import { parseTrainingConfig, trainOptions } from '@elbo/training';

export const batchSize = 128;

/** The training images binarised afresh at every read; the test images binarised once, and as they are. */
export async function binaryMnist(dataDir) {
  const files = dataDir === undefined ? {} : { dataDir };
  const [train, test] = await Promise.all(
    ['train', 'test'].map((split) => loadDataset('mnist', { ...files, split })),
  );
  return { train: binarise(train, 'dynamic'), held: binarise(test, 'static'), grey: test };
}

/** What `elbo train` makes of a recipe: a model, its data, and how it is trained. */
export function byRecipe(recipe, options, { train, steps, seed }) {
  const { model, training, prepare } = recipe.build(traitsOf(train), options, { steps, batchSize });
  const config = parseTrainingConfig({ ...training, steps, batchSize, seed });
  return {
    model,
    data: prepare ? prepare(train) : train,
    training: trainOptions(config, recipe.registry),
  };
}
