import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  begin,
  checkpointsOf,
  elbo,
  newest,
  runApart,
  small,
  start,
  temporaryFolder,
} from './command.js';

const training = [
  ...['train', 'vae', ...small, '--steps', '2000', '--seed', '3', '--set', 'every=1'],
  ...['--set', 'checkpointEvery=1000', '--set', 'validateEvery=1000'],
];

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s ends it with a checkpoint and a word',
  async (signal) => {
    const dir = join(await temporaryFolder(), 'run');
    const command = begin(...training, '--json', '--out', dir);
    await command.line('"step":3,');
    command.child.kill(signal);
    const ended = await command.ended;
    expect(ended).toMatchObject({ status: 130, signal: null });
    expect(ended.stderr).toMatch(/Interrupted: /);
    expect((await newest(dir)).step).toBeGreaterThanOrEqual(3);
  },
);

const full = '/dev/full';
test.skipIf(!existsSync(full))(
  'output that cannot be written ends no training, is said once, and fails the command at its end',
  async () => {
    const dir = join(await temporaryFolder(), 'run');
    const words = [process.execPath, elbo, ...training, '--steps', '12', '--out', dir];
    const { ended } = start('sh', ['-c', `"$@" > ${full}`, 'sh', ...words]);
    const { status, stderr } = await ended;
    expect(status).toBe(1);
    expect(stderr.match(/standard output cannot be written/g)).toHaveLength(1);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect((await newest(dir)).step).toBe(12);
    expect(existsSync(join(dir, 'report.html'))).toBe(true);
  },
);

test('a reader that goes away ends no training', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const words = [process.execPath, elbo, ...training, '--steps', '12', '--out', dir];
  const { ended } = start('sh', ['-c', '"$@" | true', 'sh', ...words]);
  await ended;
  expect((await newest(dir)).step).toBe(12);
});

test('an error that nobody catches is said, after a checkpoint', async () => {
  const folder = await temporaryFolder();
  const dir = join(folder, 'run');
  const plugin = join(folder, 'late.mjs');
  // Once training goes on: a plugin is loaded before.
  await writeFile(
    plugin,
    `import { existsSync } from 'node:fs';
     export const kinds = [];
     const timer = setInterval(() => {
       if (!existsSync(${JSON.stringify(join(dir, 'metrics.jsonl'))})) return;
       clearInterval(timer);
       void Promise.reject(new Error('an error of a plugin'));
     }, 5);
     timer.unref();`,
  );
  const ended = await runApart(...training, '--plugin', plugin, '--out', dir);
  expect(ended.status).toBe(1);
  expect(ended.stderr).toMatch(/unexpected error: writing a checkpoint[^]*an error of a plugin/);
  const [name] = await checkpointsOf(dir);
  expect(name).toBeDefined();
  expect(await readFile(join(dir, 'metrics.jsonl'), 'utf8')).toMatch(/\n$/);
});

test('waiting for what never comes is an error, and said', async () => {
  const folder = await temporaryFolder();
  const plugin = join(folder, 'never.mjs');
  await writeFile(plugin, 'await new Promise(() => {}); export const kinds = [];');
  const ended = await runApart(...training, '--plugin', plugin, '--out', join(folder, 'run'));
  expect(ended).toMatchObject({ status: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^elbo: the command ended before it was done/m);
});
