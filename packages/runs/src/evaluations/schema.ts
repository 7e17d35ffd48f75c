import { recordOf } from '@elbo/core';
import type { Evaluation } from '@elbo/report';
import * as v from 'valibot';
import { figure } from '../files/json_file.js';

const finite = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? NaN),
);

/** One of `evaluations.json`. */
export const evaluationSchema: v.GenericSchema<unknown, Evaluation> = v.object({
  metric: v.string(),
  title: v.string(),
  options: recordOf(v.union([v.number(), v.string()])),
  step: v.number(),
  rows: v.number(),
  seconds: v.number(),
  backend: v.string(),
  versions: recordOf(v.string()),
  figures: v.array(
    v.object({
      name: v.string(),
      label: v.string(),
      value: figure,
      error: v.optional(finite),
      unit: v.optional(v.string()),
      note: v.optional(v.string()),
    }),
  ),
  perRow: v.optional(v.object({ name: v.string(), values: v.array(finite) })),
});
