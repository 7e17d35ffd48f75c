import type { SelectedBackend } from '@elbo/backends';
import type { Sets } from '@elbo/datasets';
import type { Model, ModelParams } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  evaluate,
  knownWith,
  loadRun,
  loadRunWithData,
  measure,
  quiet,
  resolveRecipe,
  trainInto,
  type EndedBefore,
  type EndedRun,
  type Kept,
  type Known,
  type LoadedRun,
  type Measured,
  type MetricOptions,
  type Resolution,
  type RunWithData,
} from '../src/index.js';

const known = knownWith({});
expectTypeOf(known).toEqualTypeOf<Known>();

// A recipe is resolved, and what was resolved is trained; it may have ended before.
const resolution = await resolveRecipe({ model: 'vae', data: 'strokes' }, known, quiet);
expectTypeOf(resolution).toEqualTypeOf<Resolution>();
const ended = await trainInto(resolution, { out: 'runs/a' }, known, quiet);
expectTypeOf(ended).toEqualTypeOf<EndedRun | EndedBefore>();
expectTypeOf(ended.run).toEqualTypeOf<string>();

// A run is enough to use its model. Data are loaded when they are asked for.
const run = await loadRun('runs/a', {}, known, quiet);
expectTypeOf(run).toEqualTypeOf<LoadedRun>();
expectTypeOf(run.model).toEqualTypeOf<Model>();
expectTypeOf(run.params).toEqualTypeOf<ModelParams>();
expectTypeOf(run.step).toEqualTypeOf<number>();
expectTypeOf(await loadRun('runs/a')).toEqualTypeOf<LoadedRun>();
expectTypeOf(run.backend).toEqualTypeOf<SelectedBackend>();
expectTypeOf(run.load()).resolves.toEqualTypeOf<Sets>();
expectTypeOf<LoadedRun>().not.toHaveProperty('sets');

// What is measured needs data.
declare const options: MetricOptions;
const scored = await loadRunWithData('runs/a', { checkpoint: 'best' }, known, quiet);
expectTypeOf(scored).toEqualTypeOf<RunWithData>();
expectTypeOf(evaluate(scored, 'elbo', options, quiet)).resolves.toEqualTypeOf<Measured & Kept>();
expectTypeOf(measure(scored, undefined, options, quiet)).resolves.toEqualTypeOf<Measured>();

// @ts-expect-error without its data nothing is measured
void evaluate(run, 'elbo', options, quiet);
// @ts-expect-error what is known comes before the host
void loadRun('runs/a', {}, quiet, known);
// @ts-expect-error there is no such checkpoint
void loadRun('runs/a', { checkpoint: 'first' }, known, quiet);
// @ts-expect-error an option that it does not have
void loadRun('runs/a', { device: 'gpu' }, known, quiet);
// @ts-expect-error a recipe is resolved before it is trained
void trainInto('vae', {}, known, quiet);
// @ts-expect-error the model is not named
void resolveRecipe({ data: 'strokes' }, known, quiet);
// @ts-expect-error a run says what it needs
void trainInto(resolution, {}, known);
