import { CompositionError, ConfigError, NumericalError } from '@elbo/core';
import { compose, type Ability, type Encoder } from '@elbo/objectives';
import { startWorkers, WorkerError } from '@elbo/parallel';
import { decodeCheckpoint, memoryStore } from '@elbo/training';
import { memory } from '@tensorflow/tfjs-core';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { execPath, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { doomed, poison, type Fate } from './plugin.mjs';
import { all, digits, models, options, outcome, partsInTurn, plugin, train, two } from './world.js';

const model = models.anchored;

/** A plugin of this code. */
const code = (text: string): string =>
  `data:text/javascript,${encodeURIComponent(`${text}; export const kinds = [];`)}`;

describe('a worker that', () => {
  test.each([
    ['exits', 'exit', /^Worker 2 of 2 stopped: its thread ended with exit code 3\.$/],
    ['exits between two moves', 'exit later', /^Worker 2 of 2 stopped: .* exit code 3\.$/],
    ['throws what nobody catches', 'throw later', /^Worker 2 of 2 stopped: nobody catches this$/],
    ['cannot read its data', 'reject', /^Worker 2 of 2 failed: the disk is gone$/],
  ] as [string, Fate, RegExp][])(
    '%s stops the run with an error, after a checkpoint of a whole step',
    async (_, fate, message) => {
      const data = doomed(digits, fate, 3);
      const { gradients } = await two(model, data);
      const store = memoryStore();
      const before = memory().numTensors;
      const run = train(model, data, {
        ...options,
        gradients,
        steps: 1e6,
        checkpoint: { store, every: 1e6 },
      });
      const caught: unknown = await all(run).catch((error: unknown) => error);
      expect(caught).toBeInstanceOf(WorkerError);
      expect((caught as WorkerError).message).toMatch(message);
      run.dispose();
      expect(memory().numTensors).toBe(before);

      // The step in progress was brought to its end, as it would have ended.
      const [name] = await store.list();
      const { step, tensors } = decodeCheckpoint(await store.read(name!), name!);
      expect(step).toBeGreaterThanOrEqual(3);
      const { numbers } = await outcome(model, { gradients: partsInTurn(model), steps: step });
      for (const [path, values] of Object.entries(numbers))
        if (path.startsWith('primal/'))
          expect([...tensors.get(path.replace('primal', 'params'))!.values]).toEqual(values);

      const again = train(model, data, { ...options, gradients });
      await expect(all(again)).rejects.toThrow(WorkerError);
      again.dispose();
    },
  );

  test('reads what its likelihood is not of says so', async () => {
    const data = doomed(digits, 'nan', 2);
    const { gradients } = await two(models.vae, data);
    const run = train(models.vae, data, { ...options, gradients });
    await expect(all(run)).rejects.toThrow(/^Worker 2 of 2 failed: .*strokes.*NaN/s);
    run.dispose();
  });

  test('has a gradient that is not finite fails as one worker does', async () => {
    const { prior, encoder, decoder, terms } = models.vae;
    const poisoned = compose({
      prior,
      encoder: encoder as Encoder<Ability>,
      decoder,
      terms: [...terms, poison],
    });
    const { gradients } = await two(poisoned);
    const run = train(poisoned, digits, { ...options, gradients });
    const caught: unknown = await all(run).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(NumericalError);
    expect((caught as Error).message).toMatch(/^'[^']+' became NaN in step 2\./);
    run.dispose();
  });
});

describe('workers', () => {
  test.each([
    [{ workers: 0 }, ConfigError, /`workers` must be at least 1, not 0/],
    [{ plugins: ['no-such-package'] }, ConfigError, /'no-such-package' is not found/],
    [
      { plugins: [new URL('./none.mjs', import.meta.url).href] },
      WorkerError,
      /Worker 2 of 2 failed: The plugin .*none\.mjs cannot be loaded/,
    ],
    [{ plugins: ['@elbo/core'] }, WorkerError, /exports none of `kinds`/],
    [{ plugins: ['@elbo/vae'] }, WorkerError, /There is no model 'avb'/],
    [{ backend: 'abacus' }, WorkerError, /abacus/],
    [{ plugins: [code('process.exit(13)')] }, WorkerError, /^Worker 2 of 2 stopped: .* never came/],
    [{ plugins: [code('await new Promise(() => {})')] }, WorkerError, /stopped: .* never came/],
    [{ plugins: [code('process.exit(0)')] }, WorkerError, /stopped: .* exit code 0\.$/],
    [{ plugins: [code('null.x')] }, WorkerError, /failed: .*of null/],
    [{ plugins: [code('process.nextTick(() => { throw 7 })')] }, WorkerError, /stopped: 7$/],
  ])('do not start with %o', async (wrong, kind, message) => {
    const start = startWorkers(model, digits, { workers: 2, plugins: [plugin], ...wrong });
    const caught: unknown = await start.catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(kind);
    expect((caught as Error).message).toMatch(message);
  });

  test('do not start with a config that no thread can be given', async () => {
    const config = { ...model.config, hook: () => 1 } as unknown as typeof model.config;
    const start = startWorkers({ ...model, config }, digits, { workers: 2, plugins: [plugin] });
    const caught: unknown = await start.catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(WorkerError);
    expect((caught as Error).message).toMatch(/^Worker 2 of 2 cannot start: .*could not be cloned/);
  });

  test('that run out of memory are an error of this thread, which lives', () => {
    const script = fileURLToPath(new URL('./full.mjs', import.meta.url));
    const { status, stdout } = spawnSync(execPath, ['--max-old-space-size=64', script], {
      encoding: 'utf8',
      timeout: 900_000,
    });
    expect(stdout).toMatch(
      /^WorkerError: Worker 2 of 2 stopped: .*memory limit.*\. Try fewer workers, or less data\.\n$/,
    );
    expect(status).toBe(0);
  });

  test('do not start for a term that couples rows', async () => {
    const terms = model.terms.map((term) => ({ ...term, coupling: { least: 1 } }));
    const start = startWorkers({ ...model, terms }, digits, { workers: 2, plugins: [plugin] });
    await expect(start).rejects.toThrow(CompositionError);
  });

  test.skipIf(platform !== 'linux')('leave no threads when they are closed', async () => {
    const threads = (): number => readdirSync('/proc/self/task').length;
    const before = threads();
    const workers = await startWorkers(model, digits, { workers: 3, plugins: [plugin] });
    expect(threads()).toBeGreaterThanOrEqual(before + 2);
    await workers.close();
    await workers.close();
    expect(threads()).toBe(before);
    const late = train(model, digits, { ...options, gradients: workers.gradients });
    await expect(all(late)).rejects.toThrow(/closed/);
    late.dispose();
  });

  test('that are idle keep no program from ending', () => {
    const script = fileURLToPath(new URL('./idle.mjs', import.meta.url));
    // One that does not end waits for ever: no machine is so slow.
    const { status, stdout } = spawnSync(execPath, [script], {
      encoding: 'utf8',
      timeout: 900_000,
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '1\n' });
  });
});
