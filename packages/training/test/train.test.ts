import { CompositionError, ConfigError, ElboError, NumericalError } from '@elbo/core';
import '@elbo/gradients';
import { compose, reconstruction, term, type Encoder, type Term } from '@elbo/objectives';
import { adam, sgd } from '@elbo/optimisers';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { memory, scalar, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  checkpointName,
  checkpointNames,
  decodeCheckpoint,
  disposeState,
  initialState,
  memoryStore,
  stateFrom,
  type Report,
  type TrainOptions,
} from '../src/index.js';
import { all, bitRows, bitsOf, options, smallModel, tensorsOf, train } from './world.js';

const model = smallModel();
const data = bitRows();
/** A second reconstruction that trains one part only. */
const reconstructionOf = (part: 'encoder' | 'decoder'): Term<'posterior'> => ({
  ...reconstruction(),
  name: 'again',
  updates: [part],
});
const rules = { primal: options.primal, dual: options.dual! };

describe.each(['cpu', 'wasm'])('training on %s', (backend) => {
  beforeAll(async () => {
    setThreadsCount(1);
    await setBackend(backend);
  });

  it.each([
    ['alternating', {}],
    ['simultaneous', { simultaneous: true }],
    ['with a warm-up', { warmUp: 5 }],
  ] as [string, Partial<TrainOptions>][])(
    '%s: resumed from a checkpoint, it ends at the same bits',
    async (_, how) => {
      const through = train(model, data, { ...options, ...how });
      const reports = await all(through);
      expect(through.ended).toBe('steps');

      const store = memoryStore();
      const stop = new AbortController();
      const first = train(model, data, {
        ...options,
        ...how,
        signal: stop.signal,
        checkpoint: { store, every: 17 },
      });
      for await (const { step } of first) if (step >= 17) stop.abort();
      expect(first.ended).toBe('aborted');
      first.dispose();

      const name = checkpointName(17);
      const checkpoint = decodeCheckpoint(await store.read(name), name);
      const like = initialState(model, rules, { seed: 0, x: data.shape, ema: true });
      const second = train(model, data, {
        ...options,
        ...how,
        from: stateFrom(checkpoint, like, name),
      });
      const rest = await all(second);
      expect(bitsOf(second.state)).toEqual(bitsOf(through.state));
      // So have all means, of steps before the checkpoint too: it lies between two reports.
      const shown = (some: readonly Report[]) =>
        some.filter(({ step }) => step > 17).map((report) => ({ ...report, rate: 0 }));
      expect(rest.length).toBeGreaterThan(0);
      expect(shown(rest)).toEqual(shown(reports));
      second.dispose();
      through.dispose();
    },
  );

  it('gives the same bits for the same seed, and others for another', async () => {
    const run = async (seed: number) => {
      const it = train(model, data, { ...options, seed, steps: 10 });
      await all(it);
      const bits = bitsOf(it.state);
      it.dispose();
      return bits;
    };
    const one = await run(3);
    expect(await run(3)).toEqual(one);
    expect(await run(4)).not.toEqual(one);
  });

  it('holds no more tensors after many steps than its state has, and none when it is disposed', async () => {
    const before = memory().numTensors;
    const run = train(model, data, {
      ...options,
      steps: 60,
      every: 20,
      validate: { data, every: 20 },
    });
    const counts: number[] = [];
    for await (const { step } of run) {
      counts.push(memory().numTensors - before);
      expect(step % 10).toBe(0);
    }
    expect(new Set(counts)).toEqual(new Set([tensorsOf(run.state)]));
    run.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('names the metric and the step of a learning rate that diverges, and keeps the last whole checkpoint', async () => {
    const store = memoryStore();
    const before = memory().numTensors;
    const run = train(model, data, {
      ...options,
      steps: 400,
      every: 20,
      primal: sgd(1e30),
      checkpoint: { store, every: 1 },
    });
    const caught: unknown = await all(run).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(NumericalError);
    expect((caught as Error).message).toMatch(/after step \d+|in step \d+/);
    for (const name of checkpointNames(await store.list()))
      decodeCheckpoint(await store.read(name), name);
    run.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('lets timers fire while it trains', async () => {
    // Nothing but timers ends this run.
    const controller = new AbortController();
    let fired = 0;
    const timer = setInterval(() => {
      if (++fired === 3) controller.abort();
    }, 1);
    const run = train(model, data, {
      ...options,
      steps: 1_000_000,
      every: 1_000_000,
      signal: controller.signal,
    });
    const reports = await all(run);
    clearInterval(timer);
    expect(run.ended).toBe('aborted');
    expect(reports).toEqual([]);
    run.dispose();
  });

  it('pauses at a break, and goes on', async () => {
    const through = train(model, data, options);
    const expected = await all(through);
    const run = train(model, data, options);
    const reports: Report[] = [];
    for await (const report of run) {
      reports.push(report);
      break;
    }
    expect(run.state.step).toBe(10);
    for await (const report of run) reports.push(report);
    expect(reports.map(({ metrics }) => metrics)).toEqual(expected.map(({ metrics }) => metrics));
    expect(bitsOf(run.state)).toEqual(bitsOf(through.state));
    run.dispose();
    through.dispose();
  });

  it('is over when its state is taken in the middle', async () => {
    const run = train(model, data, options);
    for await (const { step } of run) if (step === 20) disposeState(run.take());
    expect(run.ended).toBe('aborted');
    expect(() => run.state).toThrow(ElboError);
    expect(await all(run)).toEqual([]);
  });

  it('stops early when validation no longer gets better, and remembers the best across a resume', async () => {
    const store = memoryStore();
    // At a vanishing learning rate validation stands still: after the first, nothing is better.
    const still = {
      batchSize: 16,
      seed: 9,
      primal: sgd(0),
      dual: sgd(0),
      steps: 1000,
      validate: { data, every: 5 },
      early: { metric: 'reconstruction', patience: 3 },
      checkpoint: { store, every: 10 },
    };
    const run = train(model, data, still);
    await all(run);
    expect(run.ended).toBe('early');
    expect(run.state.step).toBe(20);
    run.dispose();
    const checkpoint = decodeCheckpoint(await store.read('00000010.safetensors'), 'it');
    expect(checkpoint.best).toMatchObject({ step: 5, waited: 1 });
    const like = initialState(
      model,
      { primal: sgd(0), dual: sgd(0) },
      { seed: 0, x: data.shape, ema: false },
    );
    const resumed = train(model, data, { ...still, from: stateFrom(checkpoint, like, 'it') });
    await all(resumed);
    expect(resumed.state.step).toBe(20);
    resumed.dispose();

    // Aborted in the middle of the last validation, which a resume has to make up for.
    const stop = new AbortController();
    const held = {
      ...data,
      read: (...asked: Parameters<typeof data.read>) => {
        if (cut.state.step === 20) stop.abort();
        return data.read(...asked);
      },
    };
    const cut = train(model, data, {
      ...still,
      signal: stop.signal,
      validate: { data: held, every: 5, batchSize: 30 },
    });
    await all(cut);
    expect(cut.ended).toBe('aborted');
    const { best } = cut.state;
    expect(best).toMatchObject({ waited: 2, validated: 15 });
    const again = train(model, data, {
      ...still,
      validate: { data, every: 5, batchSize: 30 },
      from: cut.take(),
    });
    await all(again);
    expect([again.ended, again.state.step]).toEqual(['early', 20]);
    again.dispose();
  });
});

describe('the first step', () => {
  it('refuses a model of whose parameters some are reached by no loss', async () => {
    await setBackend('cpu');
    const deaf = term({
      config: { kind: 'test' },
      name: 'deaf',
      role: 'regulariser',
      needs: ['posterior'],
      adversary: { parts: [], init: () => ({ unused: scalar(1) }) },
      evaluate: () => ({ cost: () => scalar(0), loss: () => scalar(0) }),
    });
    const { prior, encoder, decoder } = model;
    const composed = compose({
      prior,
      encoder: encoder as Encoder<'posterior'>,
      decoder,
      terms: [reconstruction(), deaf],
    });
    const before = memory().numTensors;
    const run = train(composed, data, { steps: 2, batchSize: 4, seed: 1, primal: adam(1e-3) });
    const caught: unknown = await all(run).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(CompositionError);
    expect((caught as Error).message).toContain('deaf/unused');
    run.dispose();
    expect(memory().numTensors).toBe(before);

    const frozen = train(composed, data, {
      steps: 2,
      batchSize: 4,
      seed: 1,
      primal: adam(1e-3),
      frozen: ['deaf'],
    });
    await all(frozen);
    expect(frozen.ended).toBe('steps');
    frozen.dispose();
  });

  it('of the primal player is looked at after a warm-up too', async () => {
    await setBackend('cpu');
    const { prior, decoder } = model;
    const deaf: Encoder<'posterior'> = {
      ...(model.encoder as Encoder<'posterior'>),
      init: (...given) => ({ ...model.encoder!.init(...given), unused: scalar(1) }),
    };
    const of = (terms: readonly Term<'posterior'>[], frozen: readonly string[] = []) =>
      train(compose({ prior, encoder: deaf, decoder, terms }), data, {
        ...{ steps: 4, batchSize: 4, seed: 1, primal: adam(1e-3), every: 1, warmUp: 2, frozen },
      });
    const terms = model.terms as readonly Term<'posterior'>[];
    const run = of(terms);
    const reports: Report[] = [];
    const watch = async (): Promise<void> => {
      for await (const report of run) reports.push(report);
    };
    await expect(watch()).rejects.toThrow(/primal player reaches encoder\/unused/);
    expect(reports.map(({ step }) => step)).toEqual([1, 2]);
    run.dispose();
    // Paths are the same whether or not a term trains one part only.
    const parted = of(
      [...terms, { ...reconstructionOf('decoder'), role: 'regulariser' }],
      ['encoder/unused'],
    );
    await all(parted);
    expect(parted.ended).toBe('steps');
    parted.dispose();
  });

  it.each([
    [{ steps: 0 }, /`steps`/],
    [{ batchSize: 1.5 }, /`batchSize`/],
    [{ ema: 1 }, /`ema`/],
    [{ early: { patience: 2 } }, /needs `validate`/],
  ])('is not reached with options that make no sense: %o', (wrong, message) => {
    expect(() => train(model, data, { ...options, ...wrong })).toThrow(ConfigError);
    expect(() => train(model, data, { ...options, ...wrong })).toThrow(message);
  });
});

it('rows to validate on are like those to train on', () => {
  const other = { ...data, name: 'others', shape: [3, 2] };
  expect(() => train(model, data, { ...options, validate: { data: other, every: 1 } })).toThrow(
    /rows of training .* have the shape \[6\], but those of validation \(others\).*\[3, 2\]/,
  );
});
