import { key, permutation } from '@elbo/random';
import { readMetrics } from '@elbo/runs';
import { existsSync, readdirSync, watch } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { run } from './call.js';
import {
  begin,
  checkpointsOf,
  newest,
  objects,
  runApart,
  small,
  temporaryFolder,
} from './command.js';

const steps = 40;
/** Adversarial, so that two players and their optimisers have state; reports each step, so that a kill can be aimed. */
const training = [
  ...['train', 'avb', ...small, '--set', 'features=16', '--steps', String(steps), '--seed', '3'],
  ...['--set', 'every=1', '--set', 'validateEvery=10', '--set', 'checkpointEvery=5', '--json'],
];

/** Metrics without what depends on time. */
async function metricsOf(dir: string): Promise<readonly object[]> {
  expect(await readFile(join(dir, 'metrics.jsonl'), 'utf8')).toMatch(/\n$/);
  return (await readMetrics(dir)).map((line) => ({ ...line, rate: 0 }));
}

/** An uninterrupted run. */
let whole: string;
beforeAll(async () => {
  whole = join(await temporaryFolder(), 'whole');
  expect(await run(...training, '--out', whole)).toMatchObject({ status: 0 });
});

async function expectSameAsWhole(dir: string): Promise<void> {
  const [found, expected] = [await newest(dir), await newest(whole)];
  expect(found.step).toBe(steps);
  expect(found.tensors).toEqual(expected.tensors);
}

test('killed at random steps and resumed, it ends with the same bits and the same metrics', async () => {
  const dir = join(await temporaryFolder(), 'run');
  // `npm run kill-test` kills fifty times.
  const random = permutation(key(11), steps - 10).subarray(0, 1);
  // The first before there is any checkpoint.
  const at = [3, ...random.map((step) => step + 6).sort()];
  for (const [round, step] of at.entries()) {
    const where = round === 0 ? [...training, '--out', dir] : ['train', '--resume', dir, '--json'];
    const command = begin(...where);
    await command.line(`"step":${step},`);
    command.child.kill('SIGKILL');
    expect(await command.ended).toMatchObject({ signal: 'SIGKILL' });
  }
  const resumed = await run('train', '--resume', dir, '--json');
  expect(resumed).toMatchObject({ status: 0 });
  await expectSameAsWhole(dir);
  expect(await metricsOf(dir)).toEqual(await metricsOf(whole));
});

test('killed while it writes a checkpoint, it goes on from a whole one', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const checkpoints = join(dir, 'checkpoints');
  // Megabytes at every step, so that a write takes a while.
  const large = ['--set', 'hidden=[500,500]', '--set', 'checkpointEvery=1', '--steps', '1000'];
  let torn = 0;
  for (let round = 0; round < 6 && torn === 0; round++) {
    const command = begin(
      ...(round === 0
        ? ['train', 'vae', ...small, ...large, '--out', dir, '--json']
        : ['train', '--resume', dir, '--json']),
    );
    await command.line('"report"');
    const watcher = watch(checkpoints, (_, name) => {
      if (name?.startsWith('.')) command.child.kill('SIGKILL');
    });
    await command.ended;
    watcher.close();
    torn = readdirSync(checkpoints).filter((name) => name.startsWith('.')).length;
  }
  expect(torn).toBeGreaterThan(0);
  const { step } = await newest(dir);
  const ended = await run('train', '--resume', dir, '--steps', String(step + 3), '--json');
  expect(ended).toMatchObject({ status: 0 });
  expect((await newest(dir)).step).toBe(step + 3);
  expect(readdirSync(checkpoints).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('interrupted, it checkpoints the step in progress, reports and exits with 130; resumed, the bits are the same', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const command = begin(...training, '--out', dir);
  await command.line('"step":17,');
  command.child.kill('SIGINT');
  const ended = await command.ended;
  expect(ended).toMatchObject({ status: 130, signal: null });
  expect(ended.stderr).toMatch(/Interrupted: /);
  const last = objects(ended).at(-1)!;
  expect(last).toMatchObject({ event: 'end', ended: 'aborted', run: dir });
  expect((await newest(dir)).step).toBe(last.step);
  // Between the report and the signal a few steps go by; most of the run is still ahead.
  expect(last.step).toBeLessThan(steps - 5);
  expect(await readFile(join(dir, 'report.html'), 'utf8')).toContain('interrupted at step');

  expect(await run('train', '--resume', dir)).toMatchObject({ status: 0 });
  await expectSameAsWhole(dir);
  expect(await readFile(join(dir, 'report.html'), 'utf8')).toContain(`finished ${steps} steps`);
});

test('on another number of threads it ends with the same bits', async () => {
  const folder = await temporaryFolder();
  // Products that are worth sharing.
  const wide = ['train', 'vae', '--data', 'strokes', '--steps', '4', '--batch-size', '256'];
  const trained = async (threads: string) => {
    const dir = join(folder, threads);
    const options = ['--set', 'hidden=[300]', '--backend', 'wasm', '--threads', threads];
    const { status, stderr } = await runApart(...wide, ...options, '--out', dir);
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(
        new RegExp(`Backend wasm [\\d.]+, ${threads} thread`),
      ) as unknown,
    });
    return (await newest(dir)).tensors;
  };
  expect(await trained('3')).toEqual(await trained('1'));
});

test('of two workers, interrupted and resumed, it ends with the same bits; their number can change', async () => {
  const folder = await temporaryFolder();
  const [through, dir] = [join(folder, 'through'), join(folder, 'interrupted')];
  const shared = [...training, '--workers', '2'];
  expect(await runApart(...shared, '--out', through)).toMatchObject({ status: 0 });

  const command = begin(...shared, '--out', dir);
  await command.line('"step":17,');
  command.child.kill('SIGINT');
  expect(await command.ended).toMatchObject({ status: 130, signal: null });
  expect((await newest(dir)).step).toBeLessThan(steps - 5);
  expect(await runApart('train', '--resume', dir)).toMatchObject({ status: 0 });
  expect((await newest(dir)).tensors).toEqual((await newest(through)).tensors);

  const more = ['--steps', '44', '--workers', '1'];
  expect(await run('train', '--resume', dir, ...more)).toMatchObject({ status: 0 });
  expect((await newest(dir)).step).toBe(44);
});

test('a second interrupt ends it at once, and the run is whole', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const command = begin(...training, '--out', dir);
  await command.line('"step":12,');
  command.child.stderr!.on('data', (said) => {
    if (String(said).includes('Interrupted')) command.child.kill('SIGINT');
  });
  command.child.kill('SIGINT');
  expect(await command.ended).toMatchObject({ status: null, signal: 'SIGINT' });
  expect((await newest(dir)).step).toBeGreaterThanOrEqual(10);
});

test('a finished run is left as it is; more steps go on with it, fewer are refused', async () => {
  const dir = join(await temporaryFolder(), 'run');
  await cp(whole, dir, { recursive: true, preserveTimestamps: true });
  const report = await readFile(join(dir, 'report.html'), 'utf8');
  const again = await run('train', '--resume', dir);
  expect(again).toMatchObject({ status: 0 });
  expect(again.stdout).toMatch(/Nothing to train: .* has finished its 40 steps/);
  expect(await readFile(join(dir, 'report.html'), 'utf8')).toBe(report);

  // As after an interrupt while it was drawn.
  await rm(join(dir, 'report.html'));
  expect(await run('train', '--resume', dir)).toMatchObject({ status: 0 });
  expect(await readFile(join(dir, 'report.html'), 'utf8')).toContain(`finished ${steps} steps`);

  const fewer = await run('train', '--resume', dir, '--steps', '20');
  expect(fewer).toMatchObject({ status: 2 });
  expect(fewer.stderr).toMatch(/is already at step 40/);
  const other = await run('train', '--resume', dir, '--seed', '4');
  expect(other).toMatchObject({ status: 2 });
  await expectSameAsWhole(dir);

  const more = await run('train', '--resume', dir, '--steps', '44');
  expect(more).toMatchObject({ status: 0 });
  expect(more.stderr).not.toMatch(/schedule/);
  expect((await newest(dir)).step).toBe(44);
});

test('config.json repeats a run bit for bit, and takes other settings', async () => {
  const folder = await temporaryFolder();
  const config = join(whole, 'config.json');
  const same = join(folder, 'same');
  expect(await run('train', '--config', config, '--out', same)).toMatchObject({ status: 0 });
  expect((await newest(same)).tensors).toEqual((await newest(whole)).tensors);
  expect(await readFile(join(same, 'config.json'), 'utf8')).toBe(await readFile(config, 'utf8'));

  const short = join(folder, 'short');
  const set = ['--set', 'training.steps=6', '--set', 'training.ema=0.9'];
  expect(await run('train', '--config', config, ...set, '--out', short)).toMatchObject({
    status: 0,
  });
  expect((await newest(short)).step).toBe(6);
  expect([...(await newest(short)).tensors.keys()].some((path) => path.startsWith('ema/'))).toBe(
    true,
  );
});

test('a checkpoint that is broken is passed over for the one before, aloud', async () => {
  const dir = join(await temporaryFolder(), 'run');
  await cp(whole, dir, { recursive: true });
  const names = await checkpointsOf(dir);
  const path = (i: number): string => join(dir, 'checkpoints', names.at(i)!);
  const bytes = await readFile(path(-1));
  await writeFile(path(-1), bytes.subarray(0, bytes.length - 7));
  const passed = /Warning: skipped a damaged checkpoint\. .*00000040\.safetensors/;
  const evaluated = await run('evaluate', dir, '--json');
  expect(evaluated).toMatchObject({ status: 0 });
  expect(evaluated.stderr).toMatch(passed);
  expect(objects(evaluated)[0]).toMatchObject({ step: 35 });
  const resumed = await run('train', '--resume', dir, '--json');
  expect(resumed).toMatchObject({ status: 0 });
  expect(resumed.stderr).toMatch(passed);
  await expectSameAsWhole(dir);

  for (const name of names) await writeFile(join(dir, 'checkpoints', name), 'nothing of the sort');
  for (const args of [
    ['evaluate', dir],
    ['train', '--resume', dir],
  ]) {
    const failed = await run(...args);
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toMatch(/holds no whole checkpoint/);
  }
});

test("a checkpoint of another model is refused by its first tensor that doesn't fit", async () => {
  const folder = await temporaryFolder();
  const [dir, other] = [join(folder, 'run'), join(folder, 'other')];
  await cp(whole, dir, { recursive: true });
  const config = join(whole, 'config.json');
  const wider = ['--set', 'model.decoder.network.hidden=[24]', '--set', 'training.steps=2'];
  expect(await run('train', '--config', config, ...wider, '--out', other)).toMatchObject({
    status: 0,
  });
  const name = (await checkpointsOf(dir)).at(-1)!;
  await cp(join(other, 'checkpoints', '00000002.safetensors'), join(dir, 'checkpoints', name));
  for (const args of [
    ['evaluate', dir],
    ['train', '--resume', dir],
  ]) {
    const failed = await run(...args);
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toMatch(/does not fit this model: tensor '.*decoder.*' has shape/);
  }
  expect(existsSync(join(dir, 'report.html'))).toBe(true);
});
