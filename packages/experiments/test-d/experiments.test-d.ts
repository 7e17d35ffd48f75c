import type { SelectedBackend } from '@elbo/backends';
import type { Dataset, Sets } from '@elbo/datasets';
import type { Model, ModelParams } from '@elbo/objectives';
import type { Optimiser } from '@elbo/optimisers';
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
  trainResolved,
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
const ended = await trainResolved(resolution, { out: 'runs/a' }, known, quiet);
expectTypeOf(ended).toEqualTypeOf<EndedRun | EndedBefore>();
expectTypeOf(ended.run).toEqualTypeOf<string>();

// What a program composed is trained as it is, on one set or on three.
declare const model: Model;
declare const primal: Optimiser;
const training = { steps: 9, batchSize: 9, seed: 1, primal };
expectTypeOf(trainInto('runs/a', model, {} as Dataset, training)).resolves.toEqualTypeOf<
  EndedRun | EndedBefore
>();
void trainInto('runs/a', model, {} as Sets, training);
// @ts-expect-error an optimiser is built, and no config
void trainInto('runs/a', model, {} as Sets, { ...training, primal: primal.config });
// @ts-expect-error the model is composed, and no name
void trainInto('runs/a', 'vae', {} as Sets, training);

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
void trainResolved('vae', {}, known, quiet);
// @ts-expect-error the model is not named
void resolveRecipe({ data: 'strokes' }, known, quiet);
// @ts-expect-error a run says what it needs
void trainResolved(resolution, {}, known);
