import { createRegistry } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import * as v from 'valibot';
import { expectTypeOf } from 'vitest';
import { count, defineRecipe, layers, networksFor, priorFor, type Recipe } from '../src/index.js';

declare const model: Model;
declare const data: DataTraits;
const head = { name: 'mine', summary: 'One of mine.', registry: createRegistry() };
const bare = { ...head, options: {}, schema: {} };
const built = { model, training: { primal: adam(1e-3).config } };

// Options have the types of their schema, and each is described.
const recipe = defineRecipe({
  ...head,
  options: { latent: 'dimensions of z', hidden: 'sizes of layers' },
  schema: { latent: v.optional(count, 2), hidden: v.exactOptional(layers) },
  build: (traits, options, run) => {
    expectTypeOf(traits).toEqualTypeOf<DataTraits>();
    expectTypeOf(options).toEqualTypeOf<{ latent: number; hidden?: number[] }>();
    expectTypeOf(run.steps).toEqualTypeOf<number>();
    return built;
  },
});
expectTypeOf(recipe).toEqualTypeOf<Recipe>();
expectTypeOf(
  recipe.build(data, { latent: 2 }, { steps: 10, batchSize: 4 }).model,
).toEqualTypeOf<Model>();
expectTypeOf(networksFor).returns.toHaveProperty('decoder');
expectTypeOf(priorFor).toBeCallableWith({ prior: 'normal', latent: 2, components: 1, unit: true });

// @ts-expect-error an option without a description
defineRecipe({ ...head, options: {}, schema: { latent: count }, build: () => built });
// @ts-expect-error what is built has a model
defineRecipe({ ...bare, build: () => ({ training: built.training }) });
// @ts-expect-error a recipe says how it is trained
defineRecipe({ ...bare, build: () => ({ model }) });
// @ts-expect-error an optimiser is given as its config
defineRecipe({ ...bare, build: () => ({ model, training: { primal: adam(1) } }) });
// @ts-expect-error how long it is trained is not given
recipe.build(data, {}, {});
