import { createRun, openRun, readNotes } from '@elbo/runs';
import { temporaryFolder } from '@elbo/testing/folders';
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { quiet } from '../src/index.js';
import { interimReport, type Training } from '../src/reports/interim.js';

test('what is logged while a report is made is in none of it: its figures and curves are of one moment', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const run = await createRun({ dir, config: { kind: 'none' } });
  const log = (step: number): void => {
    const line = { step, split: 'training', elbo: -step };
    appendFileSync(join(dir, 'metrics.jsonl'), `${JSON.stringify(line)}\n`);
  };
  log(1);
  const training = {
    ...{ run, title: 'it', seed: 1, steps: 4, command: 'elbo train', test: undefined },
    backend: { name: 'cpu', version: '1' },
    state: () => ({ step: 1, params: { primal: {}, dual: {} } }),
    // It is asked for when the figures are chosen, which have been read then.
    model: {
      get terms() {
        log(2);
        return [];
      },
    },
  };
  await interimReport(training as unknown as Training, quiet).begin();
  const { headline } = (await readNotes(await openRun(dir)))!;
  expect(headline).toEqual([{ label: 'ELBO', value: -1, unit: 'nats', note: 'training, step 1' }]);
  const page = await readFile(join(dir, 'report.html'), 'utf8');
  const [, charts] = /id="charts">(.*?)<\/script>/s.exec(page)!;
  expect((JSON.parse(charts!) as { steps: number[] }[]).map(({ steps }) => steps)).toEqual([[1]]);
});

test('it is brought up to date where there is time: after a validation, and after a minute of training', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const run = await createRun({ dir, config: { kind: 'none' } });
  let now = 1e6;
  // What writing the page once takes, in ms: it may take 0.8 % of the time.
  let cost = 0;
  let step = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const training = {
    ...{ run, title: 'it', seed: 1, steps: 9, command: 'elbo train', test: undefined },
    backend: { name: 'cpu', version: '1' },
    state: () => {
      now += cost;
      return { step, params: { primal: {}, dual: {} } };
    },
    model: { terms: [] },
  };
  try {
    const { begin, update } = interimReport(training as unknown as Training, quiet);
    const written = async (at: number, split: 'training' | 'validation'): Promise<boolean> => {
      now = at;
      step++;
      await update({ split } as never);
      const { status, provenance } = (await readNotes(await openRun(dir)))!;
      expect(provenance.seconds).toBeLessThanOrEqual((now - 1e6) / 1000);
      return status!.includes(`step ${step} of 9`);
    };
    await begin();
    expect(await written(1e6 + 1000, 'training')).toBe(false);
    expect(await written(1e6 + 1000, 'validation')).toBe(true);
    expect(await written(1e6 + 60_000, 'training')).toBe(false);
    expect(await written(1e6 + 61_001, 'training')).toBe(true);
    cost = 500;
    expect(await written(1e6 + 70_000, 'validation')).toBe(true);
    expect(await written(1e6 + 90_000, 'validation')).toBe(false);
    expect(await written(1e6 + 300_000, 'validation')).toBe(true);
  } finally {
    vi.restoreAllMocks();
  }
});
