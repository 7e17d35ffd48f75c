// Ten steps of every model family with one seed, on whatever backend is current: in Node and in a page.
import { aaeRecipe, semiSupervisedAaeRecipe } from '@elbo/aae';
import { avaeRecipe, vaeGanRecipe } from '@elbo/avae';
import { avbRecipe } from '@elbo/avb';
import { binarise, strokes, traitsOf } from '@elbo/datasets';
import { biganRecipe, ganRecipe } from '@elbo/gan';
import { iwaeRecipe } from '@elbo/iwae';
import {
  decodeCheckpoint,
  initialState,
  memoryStore,
  parseTrainingConfig,
  stateFrom,
  train,
  trainOptions,
} from '@elbo/training';
import { vaeRecipe } from '@elbo/vae';
import { wvaeRecipe } from '@elbo/wvae';

const recipes = [
  ...[vaeRecipe, iwaeRecipe, avbRecipe, aaeRecipe, semiSupervisedAaeRecipe, wvaeRecipe],
  ...[avaeRecipe, vaeGanRecipe, ganRecipe, biganRecipe],
];

export const names = recipes.map(({ name }) => name);

export const steps = 10;
const halfway = steps / 2;
const run = { steps, batchSize: 8 };

/** Sizes that every backend trains in seconds, where a recipe has such an option. */
const small = { latent: 2, hidden: [16] };

/**
 * The metrics of each step, and the checkpoint halfway.
 *
 * @param checkpoint One to go on from instead of beginning, as bytes.
 */
export async function tenSteps(name, checkpoint) {
  const recipe = recipes.find((each) => each.name === name);
  const images = strokes({ size: 256 });
  const data = recipe.greys ? images : binarise(images, 'static');
  const known = Object.entries(small).filter(([option]) => option in recipe.options);
  const built = recipe.build(traitsOf(data), Object.fromEntries(known), run);
  const { model, training, prepare = (rows) => rows } = built;
  const rows = prepare(data);
  const store = memoryStore();
  const config = { ...run, seed: 3, every: 1, checkpointEvery: halfway, ...training };
  const options = trainOptions(parseTrainingConfig(config), recipe.registry, { store });
  const { primal, dual = primal } = options;
  const like = () =>
    initialState(
      model,
      { primal, dual },
      { seed: 3, x: rows.shape, ema: options.ema !== undefined },
    );
  const from = checkpoint && stateFrom(decodeCheckpoint(checkpoint, name), like(), name);
  const session = train(model, rows, { ...options, ...(from && { from }) });
  const metrics = [];
  for await (const report of session) metrics.push(report.metrics);
  session.dispose();
  const [first] = await store.list();
  return { metrics, halfway: [...(await store.read(first))] };
}
