import { selectBackend } from '@elbo/backends';
import { ConfigError, ElboError } from '@elbo/core';
import { sgd } from '@elbo/optimisers';
import {
  decodeCheckpoint,
  initialState,
  memoryStore,
  stateFrom,
  type GradientSource,
} from '@elbo/training';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { all, digits, models, options, outcome, partsInTurn, train, two } from './world.js';

describe.each(Object.keys(models) as (keyof typeof models)[])('%s', (name) => {
  const model = models[name];

  test('two workers compute what one computes, in another order of summation', async () => {
    const workers = await two(model);
    const found = await outcome(model, { gradients: workers.gradients });
    // The same sums, in the same order, by one thread: every bit.
    const parts = await outcome(model, { gradients: partsInTurn(model) });
    expect(found).toEqual(parts);
    // And again by the same workers.
    expect(await outcome(model, { gradients: workers.gradients })).toEqual(found);

    // One step of plain descent differs from one worker's by the rounding of the gradients' sums. Such a sum of n
    // float32 numbers is off by at most n · 2^-24 times the sum of their sizes: n is 5 rows, and up to 784 within one.
    const step = { steps: 1, primal: sgd(1), dual: sgd(1), dualSteps: 1 };
    const shared = await outcome(model, { ...step, gradients: workers.gradients });
    const alone = await outcome(model, step);
    for (const [path, expected] of Object.entries(alone.numbers)) {
      const sizes = Math.max(...expected.map(Math.abs));
      const differences = shared.numbers[path]!.map((x, i) => Math.abs(x - expected[i]!));
      expect(Math.max(...differences), path).toBeLessThanOrEqual(2 * 789 * 2 ** -24 * sizes);
    }
  });
});

describe('a run of workers', () => {
  const model = models.anchored;
  let gradients: GradientSource;
  beforeAll(async () => {
    ({ gradients } = await two(model));
  });

  test('has the same bits as its parts on the cpu backend too, whose tensors alias shared memory', async () => {
    await selectBackend({ backend: 'cpu' });
    try {
      const workers = await two(model);
      const found = await outcome(model, { gradients: workers.gradients });
      expect(found).toEqual(await outcome(model, { gradients: partsInTurn(model) }));
    } finally {
      await selectBackend({ backend: 'wasm' });
    }
  });

  test('interrupted and resumed by other workers, it ends at the same bits', async () => {
    const whole = await outcome(model, { gradients });
    const store = memoryStore();
    const stop = new AbortController();
    const first = train(model, digits, {
      ...options,
      gradients,
      signal: stop.signal,
      every: 3,
      checkpoint: { store, every: 1000 },
    });
    for await (const { step } of first) if (step === 3) stop.abort();
    first.dispose();
    const [name] = await store.list();
    const checkpoint = decodeCheckpoint(await store.read(name!), name!);
    expect(checkpoint.step).toBe(3);
    const { primal, dual } = options;
    const like = initialState(
      model,
      { primal, dual: dual! },
      { seed: 0, x: digits.shape, ema: false },
    );
    const others = await two(model);
    const rest = await outcome(model, {
      gradients: others.gradients,
      from: stateFrom(checkpoint, like, name!),
    });
    expect(rest.numbers).toEqual(whole.numbers);
  });

  test('leaves no tensors, and lets timers fire', async () => {
    const before = memory().numTensors;
    let fired = 0;
    const ending = new AbortController();
    const timer = setInterval(() => {
      fired += 1;
      if (fired === 3) ending.abort();
    }, 1);
    const { signal } = ending;
    const run = train(model, digits, { ...options, gradients, steps: 1e4, every: 1e4, signal });
    await all(run);
    clearInterval(timer);
    expect(run.ended).toBe('aborted');
    expect(fired).toBeGreaterThanOrEqual(3);
    run.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test('is the only one of its workers, and takes minibatches that divide among them', async () => {
    const narrow = train(model, digits, { ...options, gradients, batchSize: 1 });
    await expect(all(narrow)).rejects.toThrow(ConfigError);
    narrow.dispose();

    const runs = [1, 2].map((seed) => train(model, digits, { ...options, gradients, seed }));
    const ends = await Promise.allSettled(runs.map(all));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((ends[1] as PromiseRejectedResult).reason).toBeInstanceOf(ElboError);
    for (const run of runs) run.dispose();
    // The one that failed took nothing from the other.
    await expect(outcome(model, { gradients })).resolves.toBeDefined();
  });

  test('is of the model and the data that its workers were started for', () => {
    expect(() => train(models.vae, digits, { ...options, gradients })).toThrow(/of another model/);
  });
});
