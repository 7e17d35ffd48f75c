import { aaeRecipe, aaeRegistry, semiSupervisedAaeRecipe } from '@elbo/aae';
import { avaeRecipe, avaeRegistry, vaeGanRecipe } from '@elbo/avae';
import { avbRecipe, avbRegistry } from '@elbo/avb';
import { createRegistry, type Kind, type Registry } from '@elbo/core';
import { biganRecipe, ganRecipe, ganRegistry } from '@elbo/gan';
import { iwaeRecipe, iwaeRegistry } from '@elbo/iwae';
import type { Recipe } from '@elbo/recipes';
import { vaeRecipe, vaeRegistry } from '@elbo/vae';
import { wvaeRecipe, wvaeRegistry } from '@elbo/wvae';

/** The models that can be trained by name. */
export const recipes: readonly Recipe[] = [
  aaeRecipe,
  semiSupervisedAaeRecipe,
  avaeRecipe,
  avbRecipe,
  biganRecipe,
  ganRecipe,
  iwaeRecipe,
  vaeRecipe,
  vaeGanRecipe,
  wvaeRecipe,
];

/**
 * Every kind that a run's config can name.
 *
 * @example
 * ```ts
 * import { recipes, standard } from '@elbo/models';
 * import { modelCategory } from '@elbo/objectives';
 *
 * const vae = recipes.find(({ name }) => name === 'vae')!;
 * const { model } = vae.build({ shape: [4], unit: true }, {}, { steps: 10, batchSize: 4 });
 * console.log(standard.build(modelCategory, model.config).terms.length); // 2
 * ```
 */
export const standard: Registry = createRegistry(
  ...[
    aaeRegistry,
    avaeRegistry,
    avbRegistry,
    ganRegistry,
    iwaeRegistry,
    vaeRegistry,
    wvaeRegistry,
  ].flatMap(({ kinds }) => kinds),
);

/** The same as a plugin exports them: workers load this module by its address. */
export const kinds: readonly Kind[] = standard.kinds;

/** The address of this module, for `startWorkers`. */
export const standardAddress: string = import.meta.url;
