import { renderReport, type Evaluation, type ReportNotes } from '@elbo/report';
import { temporaryFolder } from '@elbo/testing/folders';
import { sampleReport } from '@elbo/testing/sample-report';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  chartLibrary,
  createRun,
  keepEvaluation,
  metricsLogger,
  readEvaluations,
  rebuildReport,
  writeReport,
  type RunDirectory,
} from '../src/index.js';

const { config, metrics, images, latent, evaluations, ...sample } = sampleReport();
const [nll] = evaluations as [Evaluation];

/** A run in which everything lies that its report shows. */
async function reported(): Promise<RunDirectory> {
  const run = await createRun({
    dir: join(await temporaryFolder(), 'run'),
    config: config as RunDirectory['config'],
  });
  const logger = await metricsLogger(run);
  for (const line of metrics) await logger.log(line);
  const notes: ReportNotes = {
    ...sample,
    images: images.map(({ title, caption }, i) => ({ title, caption, file: `${i}.png` })),
    latent: 'latent.svg',
  };
  for (const [i, { png }] of images.entries()) await run.files.write(`${i}.png`, png);
  await run.files.write('latent.svg', new TextEncoder().encode(latent));
  await writeReport(run, notes);
  return run;
}

const pageOf = (run: RunDirectory): Promise<string> =>
  readFile(join(run.dir, 'report.html'), 'utf8');

test('a report is made again of what lies in the run, and new evaluations stand in it', async () => {
  const run = await reported();
  const data = { config, metrics, images, latent, ...sample };
  expect(await pageOf(run)).toBe(renderReport({ ...data, evaluations: [] }, chartLibrary()));
  expect(await keepEvaluation(run, nll)).toBeUndefined();
  expect(await rebuildReport(run)).toBe(join(run.dir, 'report.html'));
  const page = await pageOf(run);
  expect(page).toBe(renderReport({ ...data, evaluations: [nll] }, chartLibrary()));
  expect(page).toContain('96.7 ± 2.2 nats');
});

test('a report of metrics that are at hand reads no others: its figures and curves are of one moment', async () => {
  const run = await reported();
  const [first] = metrics;
  const data = { config, metrics: [first!], ...sample, images: [], evaluations: [] };
  await writeFile(join(run.dir, 'metrics.jsonl'), 'broken\n');
  await writeReport(run, { ...sample, images: [] }, [first!]);
  expect(await pageOf(run)).toBe(renderReport(data, chartLibrary()));
  await expect(writeReport(run, { ...sample, images: [] })).rejects.toThrow('not a metrics line');
});

test('evaluations that are kept at once are all kept', async () => {
  const run = await reported();
  const six = Array.from({ length: 6 }, (_, seed) => ({
    ...nll,
    options: { ...nll.options, seed },
  }));
  await Promise.all(six.map((each) => keepEvaluation(run, each)));
  const kept = (await readEvaluations(run)).map(({ options }) => options.seed);
  expect(new Set(kept)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});

test('a picture that is a link out of the run is left out, and what it leads to is not shown', async () => {
  const run = await reported();
  const secret = join(await temporaryFolder(), 'secret');
  await writeFile(secret, 'a secret of someone');
  for (const name of ['0.png', 'latent.svg']) {
    await rm(join(run.dir, name));
    await symlink(secret, join(run.dir, name));
  }
  await rebuildReport(run);
  const page = await pageOf(run);
  expect(page).toContain('0.png: it is a symbolic link, which is not followed');
  expect(page).toContain('latent.svg: it is a symbolic link');
  expect(page).not.toContain('a secret');
  expect(page).not.toContain(Buffer.from('a secret of').toString('base64'));
});

test('figures that are not finite come back as such', async () => {
  const run = await reported();
  const [figure] = nll.figures;
  const odd = {
    ...nll,
    figures: [{ ...figure!, value: NaN, error: NaN }],
    perRow: { name: 'nll', values: [1.5, NaN] },
  };
  await keepEvaluation(run, odd);
  expect(await readEvaluations(run)).toEqual([odd]);
  await rebuildReport(run);
  expect(await pageOf(run)).not.toMatch(/NaN/);
});

test('a result replaces an older one of the same question in its place, and no other', async () => {
  const run = await reported();
  const other = { ...nll, options: { ...nll.options, seed: 1 } };
  const newer = { ...nll, step: 30_000 };
  for (const evaluation of [nll, other, newer]) await keepEvaluation(run, evaluation);
  expect(await readEvaluations(run)).toEqual([newer, other]);
});

test('a broken file of evaluations is put aside with a warning, and a report says so', async () => {
  const run = await reported();
  const path = join(run.dir, 'evaluations.json');
  for (const [broken, aside] of [
    ['{"version":1,"eval', 'evaluations.broken.json'],
    ['{"version":1,"evaluations":[{"metric":3}]}', 'evaluations.broken-2.json'],
  ] as const) {
    await writeFile(path, broken);
    await rebuildReport(run);
    expect(await pageOf(run)).toContain('Its evaluations are left out.');
    const warning = await keepEvaluation(run, nll);
    expect(warning).toContain(path);
    expect(warning).toContain(aside);
    expect(await readFile(join(run.dir, aside), 'utf8')).toBe(broken);
    expect(await readEvaluations(run)).toEqual([nll]);
  }
  await rebuildReport(run);
  expect(await pageOf(run)).not.toContain('left out');
});

test('a run without a report gets none; broken notes are an error; a picture that is gone is named', async () => {
  const run = await reported();
  await rm(join(run.dir, '1.png'));
  await rebuildReport(run);
  expect(await pageOf(run)).toContain('1.png is no longer in the run');
  await writeFile(join(run.dir, 'report.json'), '{"title": 3}');
  await expect(rebuildReport(run)).rejects.toThrow(
    /report\.json does not have the expected form: title/,
  );
  await rm(join(run.dir, 'report.json'));
  expect(await rebuildReport(run)).toBeUndefined();
});
