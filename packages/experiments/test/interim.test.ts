import { createRun, openRun, readNotes } from '@elbo/runs';
import { temporaryFolder } from '@elbo/testing/folders';
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
