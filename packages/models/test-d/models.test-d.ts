import type { Registry } from '@elbo/core';
import { modelCategory, type Model } from '@elbo/objectives';
import type { Recipe } from '@elbo/recipes';
import { expectTypeOf } from 'vitest';
import { recipes, standard } from '../src/index.js';

expectTypeOf(recipes).toEqualTypeOf<readonly Recipe[]>();
expectTypeOf(standard).toEqualTypeOf<Registry>();
// From a file nobody knows what a model offers.
expectTypeOf(standard.build(modelCategory, { kind: 'vae' })).toEqualTypeOf<Model>();
// @ts-expect-error the list of models is not changed in place
recipes.push(recipes[0]);
// @ts-expect-error a recipe has no model before it has data
void recipes[0]?.model;
