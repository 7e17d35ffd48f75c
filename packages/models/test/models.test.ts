import { modelCategory } from '@elbo/objectives';
import { expect, test } from 'vitest';
import { kinds } from '../src/standard.js';
import { recipes, standard } from '../src/index.js';

const data = { shape: [4, 4, 1], unit: true, classes: 3 };

test.each(recipes)('$name: its config alone builds the same model', ({ build }) => {
  const { model } = build(data, {}, { steps: 10, batchSize: 8 });
  expect(standard.build(modelCategory, model.config).config).toEqual(model.config);
});

test('names are told apart, and a worker knows every kind', () => {
  expect(new Set(recipes.map(({ name }) => name)).size).toBe(recipes.length);
  expect(kinds).toEqual(standard.kinds);
});

test('those whose critics see images keep greys as they are', () => {
  expect(recipes.filter(({ keepsGreys }) => keepsGreys).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['avae', 'vae-gan', 'gan', 'bigan']),
  );
});
