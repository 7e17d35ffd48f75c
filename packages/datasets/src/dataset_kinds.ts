import { ConfigError, defineKind, nested, whole, type Kind } from '@elbo/core';
import * as v from 'valibot';
import { datasetCategory, type Dataset } from './dataset.js';
import { fourPixels } from './procedural/four_pixels.js';
import { linearGaussian } from './procedural/linear_gaussian.js';
import { grid, ring } from './procedural/mixtures.js';
import { molecules } from './procedural/sequences/molecules.js';
import { words } from './procedural/sequences/words.js';
import { sprites } from './procedural/sprites/sprites.js';
import { strokes } from './procedural/strokes/strokes.js';
import { augmented } from './transforms/augmented.js';
import { binarise } from './transforms/binarise.js';
import { conditionOnLabel } from './transforms/condition.js';
import { heldOut } from './transforms/held_out.js';
import { labelled } from './transforms/labelled.js';
import { absentKinds } from './transforms/preloaded.js';
import { subset, take } from './transforms/subset.js';

const count = whole(1);
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const drawn = {
  seed: v.optional(v.pipe(v.number(), v.safeInteger()), 0),
  split: v.optional(v.picklist(['train', 'validation', 'test']), 'train'),
};
const seed = drawn.seed;

/**
 * The kinds of datasets: procedural sets and transforms, so that a config rebuilds them. The values of `file` sets are
 * read asynchronously, by `buildDataset` of `@elbo/datasets/node`; those of `arrays` and `idx` are in no config: add
 * `preloaded(dataset)`.
 */
export const datasetKinds: readonly Kind<Dataset>[] = [
  defineKind('four-pixels', datasetCategory, {}, fourPixels),
  defineKind(
    'linear-gaussian',
    datasetCategory,
    {
      weights: v.exactOptional(v.array(v.array(v.number()))),
      mean: v.exactOptional(v.array(v.number())),
      noise: v.optional(positive, 0.5),
      size: v.optional(count, 10_000),
      ...drawn,
    },
    linearGaussian,
  ),
  defineKind(
    'ring',
    datasetCategory,
    {
      modes: v.optional(count, 8),
      radius: v.optional(positive, 2),
      sd: v.optional(positive, 0.02),
      size: v.optional(count, 50_000),
      ...drawn,
    },
    ring,
  ),
  defineKind(
    'grid',
    datasetCategory,
    {
      side: v.optional(count, 5),
      spacing: v.optional(positive, 2),
      sd: v.optional(positive, 0.05),
      size: v.optional(count, 50_000),
      ...drawn,
    },
    grid,
  ),
  defineKind('strokes', datasetCategory, { size: v.optional(count, 60_000), ...drawn }, strokes),
  defineKind(
    'sprites',
    datasetCategory,
    { side: v.optional(count, 32), size: v.exactOptional(count), ...drawn },
    sprites,
  ),
  defineKind('words', datasetCategory, { size: v.optional(count, 20_000), ...drawn }, words),
  defineKind(
    'molecules',
    datasetCategory,
    { size: v.optional(count, 20_000), ...drawn },
    molecules,
  ),
  defineKind(
    'binarise',
    datasetCategory,
    { data: nested, how: v.picklist(['dynamic', 'static', 'threshold']), seed },
    ({ data, how, seed }, registry) => binarise(registry.build(datasetCategory, data), how, seed),
  ),
  defineKind(
    'augmented',
    datasetCategory,
    { data: nested, how: v.array(v.picklist(['flip', 'shift'])) },
    ({ data, how }, registry) => augmented(registry.build(datasetCategory, data), how),
  ),
  defineKind('take', datasetCategory, { data: nested, n: count }, ({ data, n }, registry) =>
    take(registry.build(datasetCategory, data), n),
  ),
  defineKind(
    'subset',
    datasetCategory,
    { data: nested, rows: v.array(whole(0)) },
    ({ data, rows }, registry) => subset(registry.build(datasetCategory, data), rows),
  ),
  defineKind(
    'held-out',
    datasetCategory,
    {
      data: nested,
      validation: v.optional(v.number(), 0),
      test: v.optional(v.number(), 0),
      seed,
      part: v.picklist(['train', 'validation', 'test']),
    },
    ({ data, part, validation: toValidate, test: toTest, seed: by }, registry) => {
      const found = heldOut(registry.build(datasetCategory, data), {
        ...(toValidate !== 0 && { validation: toValidate }),
        ...(toTest !== 0 && { test: toTest }),
        seed: by,
      })[part];
      if (found) return found;
      throw new ConfigError(`held-out: it has no part '${part}', because '${part}' is 0.`);
    },
  ),
  defineKind(
    'condition-on-label',
    datasetCategory,
    { data: nested, classes: v.exactOptional(count) },
    ({ data, classes }, registry) =>
      conditionOnLabel(registry.build(datasetCategory, data), classes),
  ),
  defineKind(
    'labelled',
    datasetCategory,
    { data: nested, count, seed, share: v.optional(v.number(), 0) },
    ({ data, ...options }, registry) => labelled(registry.build(datasetCategory, data), options),
  ),
  ...absentKinds,
];
