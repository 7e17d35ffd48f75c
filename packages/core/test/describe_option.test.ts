import { describeOption, nested } from '../src/index.js';
import * as v from 'valibot';
import { expect, test } from 'vitest';

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
  [nested, '{ "kind": … }', undefined],
  [v.pipe(v.number(), v.minValue(-1), v.maxValue(1)), 'number ≥ -1 and ≤ 1', undefined],
])('an option says what may be given for it, %#', (schema, type, given) => {
  expect(describeOption(schema)).toEqual({ type, ...(given !== undefined && { default: given }) });
});
