import { expect, test } from 'vitest';
import * as v from 'valibot';
import { defineRecipe, describeOption } from '../src/index.js';

test.each([
  [v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 8), 'whole number ≥ 1', 8],
  [v.optional(v.pipe(v.number(), v.gtValue(0), v.ltValue(1)), 0.9), 'number > 0 and < 1', 0.9],
  [v.exactOptional(v.array(v.pipe(v.number(), v.integer()))), 'list: whole number', undefined],
  [
    v.optional(v.picklist(['none', 'linear', 'cyclical']), 'none'),
    'none, linear or cyclical',
    'none',
  ],
  [v.optional(v.boolean(), false), 'true or false', false],
  [v.pipe(v.number(), v.maxValue(3)), 'number ≤ 3', undefined],
  [v.string(), 'string', undefined],
])('an option says what may be given for it, %#', (schema, type, given) => {
  expect(describeOption(schema)).toEqual({ type, ...(given !== undefined && { default: given }) });
});

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
