import { expect, test } from 'vitest';
import * as v from 'valibot';
import { defineRecipe } from '../src/index.js';

test('a recipe says it of each of its options', () => {
  const { types } = defineRecipe({
    name: 'own',
    summary: '',
    options: { size: 'how large' },
    schema: { size: v.optional(v.pipe(v.number(), v.minValue(0)), 2) },
    registry: { kinds: [] } as never,
    build: () => ({}) as never,
  });
  expect(types).toEqual({ size: { type: 'number ≥ 0', default: 2 } });
});
