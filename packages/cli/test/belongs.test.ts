import { readEvaluations, openRun, readMetrics } from '@elbo/runs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { run } from './call.js';
import { begin, runApart, small, temporaryFolder } from './command.js';

const training = ['train', 'vae', ...small, '--seed', '3'];

/** A run of a few steps. */
let trained: string;
beforeAll(async () => {
  trained = join(await temporaryFolder(), 'trained');
  expect(await run(...training, '--steps', '20', '--out', trained)).toMatchObject({ status: 0 });
});

test('while a run trains, another process is refused and told which one has it; its metrics stay whole', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const first = begin(...training, '--steps', '1000000', '--set', 'every=1', '--out', dir);
  await first.line('step 5/');
  const others = [
    ['train', '--resume', dir],
    [...training, '--steps', '5', '--out', dir],
  ];
  for (const words of others) {
    const { status, stderr } = await run(...words);
    expect({ status, stderr }).toMatchObject({ status: 1 });
    expect(stderr).toMatch(
      new RegExp(`in use by another process \\(process ${first.child.pid} on `),
    );
  }
  first.child.kill('SIGKILL');
  await first.ended;
  const steps = (await readMetrics(dir)).map(({ step }) => step);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  // A dead process holds nothing: the run goes on at once.
  const next = begin('train', '--resume', dir);
  await next.line('step ');
  next.child.kill('SIGINT');
  expect(await next.ended).toMatchObject({ status: 130 });
  expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('evaluations at once are all kept', async () => {
  const seeds = [1, 2, 3, 4, 5, 6];
  const ended = await Promise.all(
    seeds.map((seed) =>
      runApart('evaluate', trained, '--metric', 'elbo', '--rows', '4', '--seed', String(seed)),
    ),
  );
  expect(ended.filter(({ status }) => status !== 0)).toEqual([]);
  const kept = (await readEvaluations(await openRun(trained))).map(({ options }) => options.seed);
  expect(kept.toSorted()).toEqual(seeds);
});

test('what a run is told to replace that is not its own is left alone', async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'report.html'), 'mine');
  const taken = await run(...training, '--steps', '3', '--out', dir);
  expect(taken).toMatchObject({ status: 1 });
  expect(taken.stderr).toMatch(/files that one would replace \(report\.html\)/);
  expect(await readdir(dir)).toEqual(['report.html']);
  const empty = await run(...training, '--steps', '3', '--out', '');
  expect(empty).toMatchObject({ status: 2 });
  expect(empty.stderr).toMatch(/It is empty/);
});

test('a folder that a kill left before its config.json was written is trained into', async () => {
  const dir = join(await temporaryFolder(), 'run');
  await mkdir(join(dir, 'checkpoints'), { recursive: true });
  expect(await run(...training, '--steps', '3', '--out', dir)).toMatchObject({ status: 0 });
});

test('nothing is read or written through a link in a run', async () => {
  const outside = join(await temporaryFolder(), 'precious');
  await writeFile(outside, 'kept');
  const picture = join(trained, 'drawn.png');
  await symlink(outside, picture);
  const drawn = await run('sample', trained, '--out', picture, '--count', '4');
  expect(drawn.status).not.toBe(0);
  expect(await readFile(outside, 'utf8')).toBe('kept');
  await rm(picture);

  const checkpoints = join(trained, 'checkpoints');
  const away = join(await temporaryFolder(), 'away');
  await rename(checkpoints, away);
  await symlink(away, checkpoints);
  const resumed = await run('train', '--resume', trained, '--steps', '30');
  expect(resumed).toMatchObject({ status: 1 });
  expect(resumed.stderr).toMatch(/checkpoints is a symbolic link, which is not followed/);
});
