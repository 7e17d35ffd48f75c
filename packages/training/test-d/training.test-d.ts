import type { Store } from '@elbo/core';
import { fourPixels } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import { adam, clipByGlobalNorm } from '@elbo/optimisers';
import { expectTypeOf } from 'vitest';
import {
  decodeCheckpoint,
  memoryStore,
  parseTrainingConfig,
  train,
  validate,
  type Checkpoint,
  type Ending,
  type Report,
  type Run,
  type State,
  type TrainingConfig,
} from '../src/index.js';

declare const model: Model;
declare const implicit: Model<'posterior'>;
const data = fourPixels();
const enough = { steps: 10, batchSize: 4, seed: 1, primal: adam(1e-3) };

// Any model is trained, and every report is alike.
const run = train(implicit, data, {
  ...enough,
  dual: adam(1e-3),
  validate: { data, every: 5 },
  early: { metric: 'elbo', patience: 3 },
  checkpoint: { store: memoryStore(), every: 5 },
});
expectTypeOf(run).toEqualTypeOf<Run>();
expectTypeOf(run).toExtend<AsyncIterable<Report>>();
expectTypeOf(run.ended).toEqualTypeOf<Ending | undefined>();
expectTypeOf<Ending>().toEqualTypeOf<'steps' | 'aborted' | 'early'>();
expectTypeOf(run.take()).toEqualTypeOf<State>();
expectTypeOf<Report['split']>().toEqualTypeOf<'training' | 'validation'>();
// A model has the metrics that it has.
expectTypeOf<Report['metrics']>().toEqualTypeOf<Readonly<Record<string, number>>>();

// @ts-expect-error no optimiser
train(model, data, { steps: 10, batchSize: 4, seed: 1 });
// @ts-expect-error no seed
train(model, data, { steps: 10, batchSize: 4, primal: adam(1e-3) });
// @ts-expect-error an option that it does not have
train(model, data, { ...enough, epochs: 3 });
// @ts-expect-error a transform is no optimiser: chain them
train(model, data, { ...enough, primal: clipByGlobalNorm(1) });
// @ts-expect-error validation has data of its own
train(model, data, { ...enough, validate: { every: 5 } });
// @ts-expect-error checkpoints go into a store, not a path
train(model, data, { ...enough, checkpoint: { store: 'runs/a', every: 5 } });
// @ts-expect-error a state is gone on from, not parameters
train(model, data, { ...enough, from: run.state.params });
// @ts-expect-error data are a dataset
train(model, [[0, 1]], enough);
// @ts-expect-error a run is a loop of promises
for (const report of run) void report;
// @ts-expect-error what a run holds is the run's
run.state = run.take();

expectTypeOf(memoryStore()).toExtend<Store>();
expectTypeOf(decodeCheckpoint(new Uint8Array(), 'a')).toEqualTypeOf<Checkpoint>();
expectTypeOf(parseTrainingConfig).returns.toEqualTypeOf<TrainingConfig>();
expectTypeOf<Awaited<ReturnType<typeof validate>>>().toEqualTypeOf<Record<string, number>>();
// @ts-expect-error bytes, not text
decodeCheckpoint('{}', 'a');
