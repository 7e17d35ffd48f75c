import { FileError } from '@elbo/core';
import type { ReportNotes } from '@elbo/report';
import { temporaryFolder } from '@elbo/testing/folders';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRun, readNotes, writeReport, type RunDirectory } from '../src/index.js';

const provenance = { seed: 1, steps: 3, seconds: 0.4, backend: 'wasm', versions: { elbo: '1' } };
const least: ReportNotes = {
  ...{ title: 'AVB on strokes', headline: [], images: [], warnings: [], diagnostics: [] },
  provenance,
};

async function emptyRun(): Promise<RunDirectory> {
  return createRun({ dir: join(await temporaryFolder(), 'run'), config: { kind: 'avb' } });
}

async function kept(notes: ReportNotes): Promise<ReportNotes | undefined> {
  const run = await emptyRun();
  await writeReport(run, notes);
  return readNotes(run);
}

test('a run has no notes before its first report, and then those of the report', async () => {
  const run = await emptyRun();
  expect(await readNotes(run)).toBeUndefined();
  await writeReport(run, least);
  expect(await readNotes(run)).toEqual(least);
});

test('every note comes back as it was kept: text as text, a figure as a figure', async () => {
  const notes: ReportNotes = {
    ...least,
    stage: 'training',
    status: 'training: step 3 of 9',
    command: 'elbo train avb',
    headline: [
      { label: 'ELBO', value: -98.123456789, unit: 'nats', note: '3 rows' },
      { label: 'Verdict', value: 'unknown' },
    ],
    warnings: ['“Quoted”,\nin two lines'],
    diagnostics: [{ label: 'Active units', value: '8 of 8', note: '' }],
    provenance: { ...provenance, parameters: { encoder: 3, constructor: 4 } },
  };
  expect(await kept(notes)).toEqual(notes);
});

test('a figure that could not be estimated comes back as such, and not as 0', async () => {
  const headline = [{ label: 'log p(x)', value: NaN, unit: 'nats' }];
  expect((await kept({ ...least, headline }))!.headline).toEqual(headline);
});

test('notes that are broken or of another form are refused by file and field', async () => {
  const run = await emptyRun();
  const path = join(run.dir, 'report.json');
  const refused: readonly (readonly [string, RegExp])[] = [
    ['{', /report\.json/],
    [JSON.stringify({ ...least, title: 3 }), /report\.json does not have the expected form: title/],
    [JSON.stringify({ ...least, stage: 'done' }), /stage/],
    [JSON.stringify({ ...least, images: [{ title: '', caption: '' }] }), /images\.0\.file/],
    [JSON.stringify({ ...least, provenance: {} }), /provenance\.seed/],
  ];
  for (const [text, says] of refused) {
    await writeFile(path, text);
    const thrown = await readNotes(run).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(FileError);
    expect((thrown as Error).message).toMatch(says);
  }
});
