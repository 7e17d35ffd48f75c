import { createRegistry, defineKind } from '@elbo/core';
import { datasetCategory, type Dataset } from '@elbo/datasets';
import { readNotes, openRun } from '@elbo/runs';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { call } from './call.js';
import { begin, newest, small, temporaryFolder } from './command.js';

const training = [
  ...['train', 'vae', ...small, '--seed', '3', '--backend', 'cpu', '--set', 'every=1'],
  ...['--set', 'checkpointEvery=2'],
];

test('a run has a report before its first step, which says that it goes on and when it was written', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const command = begin(...training, '--steps', '20000', '--json', '--out', dir);
  await command.line('"step":3,');
  command.child.kill('SIGKILL');
  await command.ended;
  const { stage, status } = (await readNotes(await openRun(dir)))!;
  expect(stage).toBe('training');
  expect(status).toMatch(
    /^training: step \d+ of 20000 when this was written, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
  );
  expect(await readFile(join(dir, 'report.html'), 'utf8')).toContain(status!);
});

test('the first report is there when the first minibatch is read, of step 0', async () => {
  const dir = join(await temporaryFolder(), 'run');
  let first: string | undefined;
  const watching = ({ split = 'train' }: { readonly split?: string } = {}): Dataset => ({
    config: { kind: 'watching', split },
    name: 'watching',
    size: 32,
    shape: [2],
    binary: false,
    read: (rows) => {
      const path = join(dir, 'report.json');
      if (first === undefined && existsSync(path)) first = readFileSync(path, 'utf8');
      return { x: Float32Array.from([...rows].flatMap((row) => [Math.sin(row), Math.cos(row)])) };
    },
  });
  const kind = defineKind('watching', datasetCategory, { split: v.string() }, watching);
  const args = ['train', 'vae', '--data', 'watching', '--steps', '4', '--backend', 'cpu'];
  const sizes = ['--set', 'latent=2', '--set', 'hidden=[4]', '--batch-size', '8'];
  const additions = {
    registry: createRegistry(kind),
    datasets: [{ name: 'watching', about: '', make: watching }],
  };
  expect(await call([...args, ...sizes, '--out', dir], additions)).toMatchObject({ status: 0 });
  expect(JSON.parse(first!)).toMatchObject({
    stage: 'training',
    status: expect.stringMatching(/^training: step 0 of 4 /) as string,
  });
});

test('a run that diverges has a report of where, up to there', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const wild = ['--set', 'learningRate=1e30'];
  const { status, stderr } = await call([...training, ...wild, '--steps', '10', '--out', dir]);
  expect(status).toBe(1);
  const [, message, step] = /^elbo: (.* became \S+ in step (\d+).*)$/m.exec(stderr)!;
  const notes = (await readNotes(await openRun(dir)))!;
  expect(notes.stage).toBe('failed');
  expect(notes.status).toMatch(/^failed: an error ended it at step \d+ of 10, after/);
  expect(notes.warnings).toHaveLength(1);
  expect(notes.warnings[0]).toContain(message);
  const [, came] = /^failed: an error ended it at step (\d+)/.exec(notes.status!)!;
  expect(notes.warnings[0]).toContain(`The run was at step ${came} when this was noticed.`);
  expect(notes.warnings[0]).toContain(`The curves end at step ${Number(step) - 1},`);
  const page = await readFile(join(dir, 'report.html'), 'utf8');
  expect(page).toContain('Lower the learning rate');
  const [, charts] = /id="charts">(.*?)<\/script>/s.exec(page)!;
  expect((JSON.parse(charts!) as { steps: number[] }[])[0]!.steps.at(-1)).toBe(Number(step) - 1);
  expect(stderr).toContain(join(dir, 'report.html'));
});

test('a report that cannot be written stops no training, and is said once', async () => {
  const dir = join(await temporaryFolder(), 'run');
  expect(await call([...training, '--steps', '4', '--out', dir])).toMatchObject({ status: 0 });
  // In its place a folder, which no file replaces.
  await rm(join(dir, 'report.html'));
  await mkdir(join(dir, 'report.html', 'in the way'), { recursive: true });
  const { status, stderr } = await call(['train', '--resume', dir, '--steps', '8']);
  expect(stderr.match(/Warning: the report is not up to date/g)).toHaveLength(1);
  expect((await newest(dir)).step).toBe(8);
  // What remains undone in the end is an error.
  expect(status).toBe(1);
});
