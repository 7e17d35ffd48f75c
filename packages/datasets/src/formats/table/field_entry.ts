import { exactly } from '@elbo/core';
import * as v from 'valibot';
import type { Field } from './field.js';

/** What columns are modelled as. */
export const fieldTypes: readonly ['number', 'count', 'category'] = ['number', 'count', 'category'];

/** A field, as configs keep it. */
export const fieldEntry: v.GenericSchema<unknown, Field> = exactly({
  name: v.string(),
  type: v.picklist(fieldTypes),
  missing: v.boolean(),
  values: v.exactOptional(v.array(v.string())),
  decimals: v.exactOptional(v.number()),
});
