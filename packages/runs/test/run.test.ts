import { encodeSafetensors, FileError } from '@elbo/core';
import { temporaryFolder } from '@elbo/testing/folders';
import { checkpointName } from '@elbo/training';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createRun,
  freshFolder,
  latestCheckpoint,
  metricsLine,
  metricsLogger,
  openRun,
  readMetrics,
  type RunDirectory,
} from '../src/index.js';

const config = { model: { kind: 'avb', latents: 2 }, training: { steps: 10, seed: 7 } };

async function newRun(): Promise<RunDirectory> {
  return createRun({ dir: join(await temporaryFolder(), 'run'), config });
}

const training = (step: number, elbo: number | null = -step) => ({ step, split: 'training', elbo });

test('config.json is readable, and opens as it was written', async () => {
  const { dir } = await newRun();
  expect(JSON.parse(await readFile(join(dir, 'config.json'), 'utf8'))).toEqual(config);
  expect((await openRun(dir)).config).toEqual(config);
});

test('a run is not overwritten unless it is resumed, which keeps what is there', async () => {
  const { dir } = await newRun();
  await (await metricsLogger(await openRun(dir))).log(training(1));
  await expect(createRun({ dir, config: {} })).rejects.toThrow(
    /already holds a run.* \(config.json\)/,
  );
  const longer = { ...config, training: { steps: 20, seed: 7 } };
  expect((await createRun({ dir, config: longer, resume: true })).config).toEqual(longer);
  expect((await openRun(dir)).config).toEqual(longer);
  expect(await readMetrics(dir)).toHaveLength(1);
  await rm(join(dir, 'config.json'));
  await expect(createRun({ dir, config })).rejects.toThrow(/metrics.jsonl/);
  const empty = await temporaryFolder();
  await expect(createRun({ dir: empty, config, resume: true })).rejects.toThrow(/no config.json/);
});

test('of many who create a run in one folder at once, one does', async () => {
  const dir = join(await temporaryFolder(), 'deep', 'run');
  const configs = Array.from({ length: 8 }, (_, seed) => ({ seed }));
  const tries = await Promise.allSettled(configs.map((config) => createRun({ dir, config })));
  const made = tries.filter(({ status }) => status === 'fulfilled');
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({ value: { config: (await openRun(dir)).config } });
  for (const each of tries)
    if (each.status === 'rejected') expect(String(each.reason)).toMatch(/already holds a run/);
});

test('a folder that a kill left before its config.json was written is free', async () => {
  const dir = join(await temporaryFolder(), 'run');
  await mkdir(join(dir, 'checkpoints'), { recursive: true });
  await writeFile(
    join(dir, 'checkpoints', '.00000001.safetensors.5bce98f7-999999999-0.tmp'),
    'half',
  );
  expect((await createRun({ dir, config })).config).toEqual(config);
  expect((await openRun(dir)).config).toEqual(config);
});

test.each(['report.html', 'samples.png', 'evaluations.json', 'latent.svg', 'metrics.jsonl'])(
  "a folder that holds a person's own %s is refused, and nothing in it is changed",
  async (name) => {
    const dir = await temporaryFolder();
    for (const put of [
      () => writeFile(join(dir, name), 'mine'),
      () => symlink('nowhere', join(dir, name)),
    ]) {
      await put();
      await expect(createRun({ dir, config })).rejects.toThrow(
        new RegExp(`files that one would replace \\(${name}\\), and nothing in it was changed`),
      );
      expect(await readdir(dir)).toEqual([name]);
      await rm(join(dir, name));
    }
  },
);

test('checkpoints behind links are refused, not taken for missing ones', async () => {
  const run = await newRun();
  const elsewhere = await temporaryFolder();
  await writeFile(join(elsewhere, 'one'), checkpointBytes(100));
  await mkdir(join(run.dir, 'checkpoints'), { recursive: true });
  const link = join(run.dir, 'checkpoints', checkpointName(100));
  await symlink(join(elsewhere, 'one'), link);
  await expect(latestCheckpoint(run)).rejects.toThrow(
    /00000100\.safetensors: it is a symbolic link/,
  );
  await expect(run.checkpoints.write(checkpointName(100), new Uint8Array(1))).rejects.toThrow(
    /link/,
  );
  await rm(join(run.dir, 'checkpoints'), { recursive: true });
  await symlink(elsewhere, join(run.dir, 'checkpoints'));
  await expect(latestCheckpoint(run)).rejects.toThrow(/checkpoints is a symbolic link/);
  await expect(run.checkpoints.write('b', new Uint8Array(1))).rejects.toThrow(/checkpoints is a/);
  expect(await readdir(elsewhere)).toEqual(['one']);
});

test('many who want a fresh folder at once each get their own', async () => {
  const base = join(await temporaryFolder(), 'runs', 'avb');
  const folders = await Promise.all(Array.from({ length: 5 }, () => freshFolder(base)));
  const expected = [base, ...[2, 3, 4, 5].map((n) => `${base}-${n}`)];
  expect(folders.toSorted()).toEqual(expected.toSorted());
});

test('what is no run is refused with the reason', async () => {
  const dir = await temporaryFolder();
  await expect(openRun(join(dir, 'nowhere'))).rejects.toThrow(/the folder does not exist/);
  await expect(openRun(dir)).rejects.toThrow(/it has no config\.json/);
  for (const [text, message] of [
    ['{"a": 1', /config\.json is not JSON \(.+\): repair it/],
    ['[1]', /holds no JSON object/],
    ['null', /holds no JSON object/],
  ] as const) {
    await writeFile(join(dir, 'config.json'), text);
    await expect(openRun(dir)).rejects.toThrow(message);
    await expect(openRun(dir)).rejects.toBeInstanceOf(FileError);
  }
});

test('metrics are read as they were logged; what is not finite is null', async () => {
  const run = await newRun();
  expect(await readMetrics(run.dir)).toEqual([]);
  const logger = await metricsLogger(run);
  const report = {
    step: 5,
    split: 'training',
    metrics: { elbo: -1.5, kl: NaN },
    rate: 30,
  } as const;
  await Promise.all([
    logger.log(metricsLine(report)),
    logger.log(metricsLine({ ...report, split: 'validation' })),
    logger.log({ step: 6, split: 'training', note: 'größer' }),
  ]);
  expect(await readMetrics(run.dir)).toEqual([
    { step: 5, split: 'training', elbo: -1.5, kl: null, rate: 30 },
    { step: 5, split: 'validation', elbo: -1.5, kl: null },
    { step: 6, split: 'training', note: 'größer' },
  ]);
});

test('cut at any byte, every line before the cut is read, and logging goes on after them', async () => {
  const run = await newRun();
  const path = join(run.dir, 'metrics.jsonl');
  const lines = [1, 2].map((step) => training(step, -step / 3));
  const logger = await metricsLogger(run);
  for (const line of lines) await logger.log(line);
  const whole = await readFile(path);
  for (let cut = 0; cut <= whole.length; cut++) {
    await writeFile(path, whole.subarray(0, cut));
    const kept = whole.subarray(0, cut).filter((byte) => byte === 10).length;
    expect(await readMetrics(run.dir)).toEqual(lines.slice(0, kept));
    await (await metricsLogger(run)).log(training(9));
    expect(await readMetrics(run.dir)).toEqual([...lines.slice(0, kept), training(9)]);
  }
});

test('a broken line in the middle is an error that names it', async () => {
  const { dir } = await newRun();
  const good = JSON.stringify(training(1));
  for (const broken of ['{"step":2,"spl', '', '7', '{"split":"x"}', '{"step":1.5,"split":"x"}']) {
    await writeFile(join(dir, 'metrics.jsonl'), `${good}\n${broken}\n${good}\n`);
    await expect(readMetrics(dir)).rejects.toThrow(/metrics\.jsonl, line 2 is not a metrics line/);
  }
});

test('resuming from a step drops what was reported after it', async () => {
  const run = await newRun();
  const before = await metricsLogger(run);
  for (const step of [100, 200, 300, 400]) await before.log(training(step));
  const logger = await metricsLogger(run, { resumeFrom: 250 });
  expect((await readMetrics(run.dir)).map(({ step }) => step)).toEqual([100, 200]);
  await logger.log(training(300));
  expect((await readMetrics(run.dir)).map(({ step }) => step)).toEqual([100, 200, 300]);
  // A step that was reported just before the checkpoint is not reported again.
  await metricsLogger(run, { resumeFrom: 200 });
  expect((await readMetrics(run.dir)).map(({ step }) => step)).toEqual([100, 200]);
});

test('metrics that are a link are refused, not written or read through it', async () => {
  const run = await newRun();
  const logger = await metricsLogger(run);
  const outside = join(await temporaryFolder(), 'precious');
  await writeFile(outside, 'kept');
  await symlink(outside, join(run.dir, 'metrics.jsonl'));
  const tries = [
    () => logger.log(training(1)),
    () => readMetrics(run.dir),
    () => metricsLogger(run),
  ];
  for (const tried of tries)
    await expect(tried()).rejects.toThrow(/metrics\.jsonl: it is a symbolic link/);
  expect(await readFile(outside, 'utf8')).toBe('kept');
});

test('metrics that are removed while a run is logged are whole after the next line', async () => {
  const run = await newRun();
  const logger = await metricsLogger(run);
  for (const step of [1, 2]) await logger.log(training(step));
  await rm(join(run.dir, 'metrics.jsonl'));
  await logger.log(training(3));
  expect((await readMetrics(run.dir)).map(({ step }) => step)).toEqual([1, 2, 3]);
});

function checkpointBytes(step: number): Uint8Array {
  const values = Float32Array.of(step, 1, 2);
  return encodeSafetensors({
    tensors: new Map([['params/a', { shape: [3], values }]]),
    metadata: {
      format: 'elbo-checkpoint',
      version: '1',
      step: String(step),
      seed: '7',
      config: JSON.stringify(config),
    },
  });
}

test('the newest whole checkpoint is found, and what is wrong with newer ones is told', async () => {
  const run = await newRun();
  await expect(latestCheckpoint(run)).rejects.toThrow(/holds no checkpoint.*Train it again/);
  for (const step of [100, 200, 1000])
    await run.checkpoints.write(checkpointName(step), checkpointBytes(step));
  expect((await latestCheckpoint(run)).checkpoint.step).toBe(1000);
  await run.checkpoints.write(checkpointName(1000), checkpointBytes(1000).subarray(0, -5));
  const found = await latestCheckpoint(run);
  expect(found.checkpoint.step).toBe(200);
  expect(found.name).toBe(checkpointName(200));
  expect(found.skipped).toHaveLength(1);
  expect(found.skipped[0]).toContain(checkpointName(1000));
  for (const step of [100, 200])
    await run.checkpoints.write(checkpointName(step), new Uint8Array(3));
  await expect(latestCheckpoint(run)).rejects.toThrow(/no whole checkpoint\.\n(.+\n){2}.+/);
});
