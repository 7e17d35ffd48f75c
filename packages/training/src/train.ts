import { breath, CompositionError, ConfigError, ElboError, macrotask } from '@elbo/core';
import { batches, conditionShape, expectAlike, type Dataset } from '@elbo/datasets';
import type { Model, ModelParams } from '@elbo/objectives';
import { steps as stepsOf, type Steps } from '@elbo/ops';
import { fold, key } from '@elbo/random';
import { iterate } from './game.js';
import type { GameRules } from './game_rules.js';
import type { OpenBatch } from './gradient_source.js';
import { expectRowsFor } from './least_rows.js';
import { localGradients } from './local_gradients.js';
import { measurements } from './measurements.js';
import { checkOptions, type TrainOptions } from './options.js';
import { isOutOfMemory } from './out_of_memory.js';
import type { Ending, Report, Run } from './run.js';
import { savingOf } from './saving.js';
import { copyOf, disposeReplaced, disposeState, initialState, type State } from './state.js';
import { validate } from './validate.js';
import { watchedMetric, withValidation } from './watch.js';

/**
 * Trains a model on a dataset.
 *
 * Whatever fails, in a step, a read or a write, is thrown by the `for await` in progress.
 *
 * @throws ConfigError for options that make no sense, DataError for minibatches too small for a term and for validation data that are not like those to train on. While iterating: CompositionError, NumericalError, MemoryError, DataError,
 * FileError.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { fourPixels } from '@elbo/datasets';
 * import { train } from '@elbo/training';
 * import { adam, bernoulliDecoder, gaussianEncoder, mlp, standardNormal, vae } from '@elbo/vae';
 *
 * await selectBackend({ backend: 'wasm' });
 * const model = vae({
 *   prior: standardNormal(2),
 *   encoder: gaussianEncoder({ latent: 2 }),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [2, 2, 1] }),
 * });
 * const run = train(model, fourPixels(), { steps: 100, batchSize: 8, seed: 7, primal: adam(0.02) });
 * for await (const { step, metrics } of run) {
 *   console.log(step, metrics.elbo! < -Math.log(4)); // 100 true
 * }
 * run.dispose();
 * ```
 */
export function train(model: Model, data: Dataset, options: TrainOptions): Run {
  checkOptions(options);
  if (model.terms.length === 0)
    throw new CompositionError(
      `train: the model '${model.config.kind}' has no terms, so there is nothing to minimise: it is for use. Train the whole model.`,
    );
  const { steps, seed, signal, early, gradients = localGradients(model, data) } = options;
  if (gradients.model !== model || gradients.data !== data)
    throw new ConfigError(
      'train: `gradients` are those of another model or other data: give `train` the very ones that they were made for.',
    );
  if (options.validate) expectAlike({ training: data, validation: options.validate.data });
  const rules: GameRules = {
    optimisers: { primal: options.primal, dual: options.dual ?? options.primal },
    dualSteps: options.dualSteps ?? 1,
    simultaneous: options.simultaneous ?? false,
    warmUp: options.warmUp ?? 0,
    ema: options.ema,
    frozen: options.frozen ?? [],
  };
  expectRowsFor(model, options.batchSize, 'a minibatch (`batchSize`)');
  const watched = early && watchedMetric(model, early.metric);
  const last = Math.min(steps, options.until ?? steps);
  const every = options.every ?? 100;
  const stream = batches(data, { batchSize: options.batchSize, seed });
  const noise = fold(key(seed), 'train');

  let state: State | undefined = options.from && { ...options.from, sums: undefined };
  let ended: Ending | undefined;
  /** A step is under way, which consumes the state that it began with. */
  let computing = false;
  // Of steps before this run too, so that the next report has the means of all since the last.
  const pending = measurements(options.from?.sums);
  // Chosen when it begins, for the backend on which it then is.
  let runner: Steps | undefined;

  const current = (): State => {
    if (!state)
      throw new ElboError(
        'This run has no state: it has not begun, or it was handed over or disposed.',
      );
    return state;
  };

  const saving = savingOf(options, () => pending.sums());

  /** Reads the minibatch of the next step; without it the run cannot go on. */
  const openBatch = async (): Promise<OpenBatch> => {
    try {
      return await gradients.open(stream.at(current().step));
    } catch (error) {
      await saving.before(error, current());
      throw error;
    }
  };

  /** The state after a step; nothing where the run was ended while it waited. */
  const step = async (from: State): Promise<State | undefined> => {
    const batch = await openBatch();
    if (gone()) {
      batch.dispose();
      return undefined;
    }
    runner ??= stepsOf();
    // What is put off may find no memory when the state before it is consumed.
    const spare = runner.defers ? copyOf(from) : undefined;
    computing = true;
    try {
      const next = await runner.run(async () => {
        const result = await iterate(model, from, batch, fold(noise, from.step), rules);
        pending.add(from.step, result.measured);
        return result.state;
      });
      if (spare) disposeState(spare);
      if (!gone()) return next;
      disposeState(next);
      return undefined;
    } catch (error) {
      if (spare) {
        disposeReplaced([from], spare);
        if (gone()) disposeState(spare);
        else state = spare;
      }
      if (gone()) disposeState(from);
      throw isOutOfMemory(error) ? await saving.outOfMemory(error, current()) : error;
    } finally {
      computing = false;
      batch.dispose();
      if (gone()) release();
    }
  };

  /** Frees what the run holds beside its state. */
  const release = (): void => {
    pending.dispose();
    runner?.dispose();
  };

  /** A consumer may take or dispose the state while it looks at a report, and anyone whenever the loop waits. */
  const gone = (): boolean => state === undefined;

  const waitedEnough = (): boolean =>
    early?.patience !== undefined && (current().best?.waited ?? 0) >= early.patience;

  /** Keeps the best step when this is it. What a kill leaves is of this step or, after a resume, of it again. */
  const watch = async (metrics: Readonly<Record<string, number>>): Promise<void> => {
    if (!watched) return;
    const { step: done, best } = current();
    const next = withValidation(best, done, metrics, watched);
    state = { ...current(), best: next };
    if (next.step === done) await saving.best(state);
  };

  const due = (interval: number | undefined): boolean => {
    const { step: done } = current();
    return interval !== undefined && (done % interval === 0 || done === steps);
  };

  const validation = async function* (): AsyncGenerator<Report, void> {
    const { params, ema, step: done } = current();
    const { data: held, ...how } = options.validate!;
    let metrics: Record<string, number>;
    try {
      const averaged: ModelParams = { ...params, primal: ema ?? params.primal };
      metrics = await validate(model, averaged, held, { ...how, seed, step: done, signal });
    } catch (error) {
      if (signal?.aborted) return;
      throw error;
    }
    if (gone()) return;
    await watch(metrics);
    if (gone()) return;
    yield { step: done, split: 'validation', metrics, rate: 0 };
  };

  const reports = async function* (): AsyncGenerator<Report, void> {
    if (ended) return;
    state ??= initialState(model, rules.optimisers, {
      seed,
      x: data.shape,
      condition: conditionShape(data),
      ema: rules.ema !== undefined,
    });
    // An abort in the middle of a validation leaves it to be done on resume; early stopping counts on it.
    if (
      early &&
      state.step > 0 &&
      state.best?.validated !== state.step &&
      due(options.validate?.every)
    )
      yield* validation();
    if (gone()) return;
    let breathed = performance.now();
    let reported = { step: current().step, time: breathed };

    while (state.step < last && !signal?.aborted && !waitedEnough()) {
      const next = await step(state);
      if (!next) return;
      state = next;
      const now = performance.now();
      if (now - breathed > breath) {
        await macrotask();
        breathed = performance.now();
        if (gone()) return;
      }
      if (due(every)) {
        const metrics = await pending.read();
        if (gone()) return;
        const time = performance.now();
        const rate = ((state.step - reported.step) * 1000) / (time - reported.time);
        // What follows must not be lost to a consumer that breaks at this report: it goes on from here.
        yield { step: state.step, split: 'training', metrics, rate };
        if (gone()) return;
        reported = { step: state.step, time: performance.now() };
      }
      if (due(options.validate?.every)) yield* validation();
      if (gone()) return;
      if (due(options.checkpoint?.every)) await saving.save(current());
    }
    const sums = await pending.sums();
    if (gone()) return;
    state = { ...current(), sums };
    await saving.save(state);
    runner?.dispose();
    ended = waitedEnough() ? 'early' : state.step >= last ? 'steps' : 'aborted';
  };

  /** The reports until the run is over: what fails after it was taken or disposed, fails for want of the state. */
  const untilOver = async function* (): AsyncGenerator<Report, void> {
    try {
      yield* reports();
    } catch (error) {
      if (ended === undefined) throw error;
    }
  };

  // One generator for the run, so that `break` pauses it: a generator's own `return` would end it.
  let iterator: AsyncGenerator<Report, void> | undefined;
  return {
    get state(): State {
      return current();
    },
    get ended(): Ending | undefined {
      return ended;
    },
    take: () => {
      const taken = current();
      if (computing)
        throw new ElboError(
          'take: a step is under way, which consumes the state: take it at a report, or end the loop first, by `break` or the signal.',
        );
      state = undefined;
      ended ??= 'aborted';
      release();
      return taken;
    },
    dispose: () => {
      const last = state;
      state = undefined;
      ended ??= 'aborted';
      // A step that is under way frees all of it when it is done.
      if (computing) return;
      release();
      if (last) disposeState(last);
    },
    [Symbol.asyncIterator]: () => {
      iterator ??= untilOver();
      const { next } = iterator;
      const running = iterator;
      return { next: () => next.call(running) };
    },
  };
}
