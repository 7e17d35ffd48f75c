import '@elbo/gradients';
import { ElboError, flatten } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { sgd, type Optimiser } from '@elbo/optimisers';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import {
  bestCheckpointName,
  decodeCheckpoint,
  disposeState,
  initialState,
  memoryStore,
  stateFrom,
  validate,
  type Report,
  type State,
  type Store,
  type TrainOptions,
} from '../src/index.js';
import { all, bitRows, bitsOf, smallModel, train } from './world.js';

beforeAll(() => setBackend('cpu'));

const model = smallModel({ hidden: 2 });
const data = bitRows(12);
const base: TrainOptions = { steps: 7, batchSize: 4, seed: 1, primal: sgd(0.1), every: 3 };

/** Runs to the end, and gives its reports, the numbers of its last state and how it ended. */
async function course(how: Partial<TrainOptions>) {
  const run = train(model, data, { ...base, ...how });
  const reports = await all(run);
  const { step } = run.state;
  const bits = bitsOf(run.state);
  const { ended } = run;
  run.dispose();
  return { reports, step, bits, ended };
}

const stepsOf = (reports: readonly Report[], split: Report['split']): number[] =>
  reports.flatMap((report) => (report.split === split ? [report.step] : []));
const withoutRate = (reports: readonly Report[]) =>
  reports.map((report) => ({ ...report, rate: 0 }));

describe('a run tells of itself', () => {
  test('every so many steps and at the end, of training and then of validation', async () => {
    const { reports, step, ended } = await course({ validate: { data, every: 2 } });
    expect(stepsOf(reports, 'training')).toEqual([3, 6, 7]);
    expect(stepsOf(reports, 'validation')).toEqual([2, 4, 6, 7]);
    expect(reports.slice(-2).map(({ split }) => split)).toEqual(['training', 'validation']);
    expect([step, ended]).toEqual([7, 'steps']);
  });

  test('every 100 steps unless told otherwise', async () => {
    const first = train(model, data, { ...base, steps: 1 });
    await all(first);
    const from = { ...first.take(), step: 98 };
    const run = train(model, data, {
      ...{ steps: 101, batchSize: 4, seed: 1, primal: sgd(0.1) },
      from,
    });
    expect(stepsOf(await all(run), 'training')).toEqual([100, 101]);
    run.dispose();
  });

  test('with the means of all steps since the last report', async () => {
    const each = (await course({ every: 1 })).reports;
    const some = (await course({})).reports;
    for (const [i, steps] of [
      [0, each.slice(0, 3)],
      [1, each.slice(3, 6)],
      [2, each.slice(6)],
    ] as const)
      for (const [name, mean] of Object.entries(some[i]!.metrics)) {
        const sum = steps.reduce((sum, { metrics }) => sum + metrics[name]!, 0);
        expect(mean, name).toBeCloseTo(sum / steps.length, 12);
      }
  });

  test('with the ELBO of its terms, and how long both players’ gradients are', async () => {
    const { reports } = await course({ steps: 1, every: 1, validate: { data, every: 1 } });
    const [training, validation] = reports.map(({ metrics }) => metrics) as [
      Report['metrics'],
      Report['metrics'],
    ];
    for (const { elbo, reconstruction, kl } of [training, validation])
      expect(-elbo!).toBeCloseTo(reconstruction! + kl!, 5);
    const own = Object.keys(validation);
    expect(Object.keys(training).sort()).toEqual(
      [...own, 'gradient/dual', 'gradient/primal'].sort(),
    );
  });

  test('with the length of the gradients that an optimiser is given', async () => {
    const lengths: number[] = [];
    const inner = sgd(0.1);
    const primal: Optimiser = {
      ...inner,
      step: (gradients, ...rest) => {
        const values = flatten(gradients).flatMap(({ tensor }) => [...tensor.dataSync()]);
        lengths.push(Math.hypot(...values));
        return inner.step(gradients, ...rest);
      },
    };
    const { reports } = await course({ every: 1, primal, dual: sgd(0) });
    expect(reports.map(({ metrics }) => metrics['gradient/primal'])).toEqual(
      lengths.map((length) => expect.closeTo(length, 5) as unknown),
    );
  });

  test('with the steps a second of training, and none of validation', async () => {
    const slow: Dataset = {
      ...data,
      read: async (...asked) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return data.read(...asked);
      },
    };
    const run = train(model, slow, { ...base, steps: 6, validate: { data, every: 3 } });
    const began = performance.now();
    let seconds = 0;
    for await (const { split, rate } of run) {
      if (split === 'training') seconds += 3 / rate;
      else expect(rate).toBe(0);
    }
    run.dispose();
    // Timers may fire a millisecond early, never more; and no step took longer than all.
    expect(seconds).toBeGreaterThan((6 * 4) / 1000);
    expect(seconds).toBeLessThan((performance.now() - began) / 1000);
  });

  test('and validates as `validate` does at that step, by the run’s seed', async () => {
    const rows = { batchSize: 4, rows: 10 };
    const run = train(model, data, { ...base, steps: 1, validate: { data, every: 1, ...rows } });
    const [, { metrics }] = (await all(run)) as [Report, Report];
    const { params } = run.state;
    expect(await validate(model, params, data, { ...rows, seed: 1, step: 1 })).toEqual(metrics);
    expect(await validate(model, params, data, { ...rows, seed: 2, step: 1 })).not.toEqual(metrics);
    run.dispose();
  });
});

describe('the dual player', () => {
  it('moves by the primal one’s rule unless it has its own', async () => {
    const plain = (await course({})).bits;
    expect(plain).toEqual((await course({ dual: sgd(0.1) })).bits);
    expect(plain).not.toEqual((await course({ dual: sgd(0.2) })).bits);
  });

  it('makes one step unless told otherwise', async () => {
    const plain = (await course({})).bits;
    expect(plain).toEqual((await course({ dualSteps: 1 })).bits);
    expect(plain).not.toEqual((await course({ dualSteps: 2 })).bits);
  });
});

describe('a run that goes on from another', () => {
  it.each([3, 5, 6])('which ended at step %i is as one run', async (until) => {
    const whole = await course({});
    const first = train(model, data, { ...base, until });
    const before = await all(first);
    expect([first.state.step, first.ended]).toEqual([until, 'steps']);
    const second = train(model, data, { ...base, from: first.take() });
    const after = await all(second);
    expect(withoutRate([...before, ...after])).toEqual(withoutRate(whole.reports));
    expect(bitsOf(second.state)).toEqual(whole.bits);
    second.dispose();
  });

  it('does no step where all are done', async () => {
    const run = train(model, data, base);
    await all(run);
    const from = run.take();
    const bits = bitsOf(from);
    const again = train(model, data, { ...base, from });
    expect(await all(again)).toEqual([]);
    expect([again.ended, again.state.step]).toEqual(['steps', 7]);
    expect(bitsOf(again.state)).toEqual(bits);
    again.dispose();
  });
});

describe('checkpoints', () => {
  /** A store that tells what is done to it. */
  const watched = (): { store: Store; done: string[] } => {
    const done: string[] = [];
    const inner = memoryStore();
    const store: Store = {
      ...inner,
      write: (name, bytes) => {
        done.push(`write ${parseInt(name)}`);
        return inner.write(name, bytes);
      },
      remove: (name) => {
        done.push(`remove ${parseInt(name)}`);
        return inner.remove(name);
      },
    };
    return { store, done };
  };
  const stepsIn = async (store: Store): Promise<number[]> =>
    (await store.list()).map((name) => parseInt(name)).sort((a, b) => a - b);

  test('are written every so many steps and at the end, each once; the last three stay', async () => {
    const { store, done } = watched();
    await course({ steps: 9, checkpoint: { store, every: 2 } });
    expect(done.filter((what) => what.startsWith('write'))).toEqual(
      [2, 4, 6, 8, 9].map((step) => `write ${step}`),
    );
    expect(await stepsIn(store)).toEqual([6, 8, 9]);
  });

  test('are as many as are to be kept', async () => {
    const { store } = watched();
    await course({ checkpoint: { store, every: 1, keep: 2 } });
    expect(await stepsIn(store)).toEqual([6, 7]);
  });

  test('of the step that a run goes on from are not written again', async () => {
    const { store, done } = watched();
    const run = train(model, data, { ...base, until: 4, checkpoint: { store, every: 4 } });
    await all(run);
    const before = done.length;
    const on = train(model, data, {
      ...base,
      until: 4,
      from: run.take(),
      checkpoint: { store, every: 4 },
    });
    await all(on);
    on.dispose();
    expect(done.slice(before)).toEqual([]);
  });

  test('hold the run’s seed and configuration', async () => {
    const config = { model: ['a', 1] };
    const { store } = watched();
    await course({ seed: -5, config, checkpoint: { store, every: 100 } });
    const [name] = await store.list();
    expect(decodeCheckpoint(await store.read(name!), 'it')).toMatchObject({
      step: 7,
      seed: -5,
      config,
    });
    const other = watched().store;
    await course({ checkpoint: { store: other, every: 100 } });
    expect(decodeCheckpoint(await other.read(name!), 'it').config).toBeNull();
  });

  test('of the best step are kept where it is watched, with the last', async () => {
    const { store } = watched();
    const early = { metric: 'reconstruction' };
    const validation = { validate: { data, every: 2 }, early };
    await course({ ...validation, checkpoint: { store, every: 100 } });
    expect(await store.list()).toEqual([bestCheckpointName, '00000007.safetensors']);
    const best = decodeCheckpoint(await store.read(bestCheckpointName), 'it');
    expect(best.best?.step).toBe(best.step);
  });

  test('a watch without patience ends no run', async () => {
    const still = { primal: sgd(0), validate: { data, every: 1 } };
    const { step, ended } = await course({ ...still, early: { metric: 'reconstruction' } });
    expect([step, ended]).toEqual([7, 'steps']);
  });
});

describe('a run that is aborted', () => {
  it('before it begins makes no step, and saves what it has', async () => {
    const store = memoryStore();
    const { reports, step, ended } = await course({
      signal: AbortSignal.abort(),
      checkpoint: { store, every: 100 },
    });
    expect([reports, step, ended]).toEqual([[], 0, 'aborted']);
    expect(await store.list()).toEqual(['00000000.safetensors']);
  });

  it('at its last step has made all', async () => {
    const stop = new AbortController();
    const run = train(model, data, { ...base, signal: stop.signal });
    for await (const { step } of run) if (step === 7) stop.abort();
    expect(run.ended).toBe('steps');
    run.dispose();
  });
});

describe('a run’s state', () => {
  it('is there from the first step on, until it is handed over', async () => {
    const before = memory().numTensors;
    const run = train(model, data, base);
    expect(run.ended).toBeUndefined();
    expect(() => run.state).toThrow(ElboError);
    expect(() => run.take()).toThrow(/has no state/);
    await all(run);
    const taken = run.take();
    expect(taken.step).toBe(7);
    expect(() => run.take()).toThrow(ElboError);
    run.dispose();
    expect(run.ended).toBe('steps');
    disposeState(taken);
    expect(memory().numTensors).toBe(before);
  });

  it('may be disposed of before a run begins, which is then over', async () => {
    const before = memory().numTensors;
    const run = train(model, data, base);
    run.dispose();
    expect(run.ended).toBe('aborted');
    expect(await all(run)).toEqual([]);
    expect(memory().numTensors).toBe(before);
  });

  it('of a seed is what `initialState` makes of it', async () => {
    const store = memoryStore();
    await course({ ema: 0.5, signal: AbortSignal.abort(), checkpoint: { store, every: 1 } });
    const name = '00000000.safetensors';
    const rules = { primal: base.primal, dual: base.primal };
    const of = (seed: number): State =>
      initialState(model, rules, { seed, x: data.shape, ema: true });
    const [same, other] = [of(1), of(2)];
    const begun = stateFrom(decodeCheckpoint(await store.read(name), name), same, name);
    expect(bitsOf(begun)).toEqual(bitsOf(same));
    expect(bitsOf(begun)).not.toEqual(bitsOf(other));
    for (const state of [same, other, begun]) disposeState(state);
  });
});
