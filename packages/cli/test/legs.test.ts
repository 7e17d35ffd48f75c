import { readMetrics } from '@elbo/runs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { run } from './call.js';
import { begin, newest, objects, small, temporaryFolder } from './command.js';

/** Adversarial, so that two players have schedules, and with a best step that is kept. */
const training = [
  ...['train', 'avb', ...small, '--set', 'features=16', '--steps', '20', '--seed', '3'],
  ...['--set', 'every=1', '--set', 'validateEvery=5', '--set', 'checkpointEvery=5'],
  ...['--set', 'watch=reconstruction', '--keep', 'best', '--json'],
];

const metricsOf = async (dir: string): Promise<readonly object[]> =>
  (await readMetrics(dir)).map((line) => ({ ...line, rate: 0 }));
const configOf = async (dir: string) =>
  JSON.parse(await readFile(join(dir, 'config.json'), 'utf8')) as {
    readonly training: { readonly steps: number };
    readonly legs?: readonly { readonly from: number; readonly training: object }[];
  };

let folder: string;
/** Of 20 steps, and of 20 more. */
let finished: string;
let whole: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  finished = join(folder, 'finished');
  whole = join(folder, 'whole');
  expect(await run(...training, '--out', finished)).toMatchObject({ status: 0 });
  await cp(finished, whole, { recursive: true });
  expect(await run('train', '--resume', whole, '--steps', '40', '--json')).toMatchObject({
    status: 0,
  });
});

test('more steps of a finished run are a leg, whose learning rates run anew', async () => {
  const { training: first, legs } = await configOf(whole);
  expect(first).toEqual((await configOf(finished)).training);
  expect(legs).toHaveLength(1);
  expect(legs![0]).toMatchObject({ from: 20, training: { steps: 40 } });
  expect(JSON.stringify(legs![0]!.training)).toMatch(/"delayed","by":20,.*"delayed","by":20/);
  const [before, after] = [await newest(finished), await newest(whole)];
  expect(after.step).toBe(40);
  const path = [...after.tensors.keys()].find((name) => name.startsWith('params/decoder/'))!;
  expect(after.tensors.get(path)!.values).not.toEqual(before.tensors.get(path)!.values);
});

test('killed in its second leg and resumed, a run ends with the same bits and metrics', async () => {
  const dir = join(folder, 'killed');
  await cp(finished, dir, { recursive: true });
  for (const [round, step] of [22, 33].entries()) {
    const more = round === 0 ? ['--steps', '40'] : [];
    const command = begin('train', '--resume', dir, ...more, '--json');
    await command.line(`"step":${step},`);
    command.child.kill('SIGKILL');
    await command.ended;
  }
  expect(await run('train', '--resume', dir, '--json')).toMatchObject({ status: 0 });
  expect(await configOf(dir)).toEqual(await configOf(whole));
  expect((await newest(dir)).tensors).toEqual((await newest(whole)).tensors);
  expect(await metricsOf(dir)).toEqual(await metricsOf(whole));
});

test('the configuration of a run with legs repeats them all', async () => {
  const again = join(folder, 'again');
  const config = join(whole, 'config.json');
  expect(await run('train', '--config', config, '--out', again)).toMatchObject({ status: 0 });
  expect(await configOf(again)).toEqual(await configOf(whole));
  expect((await newest(again)).tensors).toEqual((await newest(whole)).tensors);
  expect(await metricsOf(again)).toEqual(await metricsOf(whole));
  const other = await run('train', '--config', config, '--steps', '50', '--out', again);
  expect(other).toMatchObject({ status: 2 });
  expect(other.stderr).toMatch(/has further legs\. They are repeated as they are/);
});

test('an early-stopped run goes on with --steps; what a run has from its first step stays', async () => {
  const dir = join(folder, 'early');
  const still = ['--set', 'patience=1', '--set', 'primal={"kind":"sgd","learningRate":0}'];
  const early = await run(...training, ...still, '--out', dir);
  expect(objects(early).at(-1)).toMatchObject({ event: 'end', ended: 'early', step: 10 });
  const resume = ['train', '--resume', dir, '--json'];
  expect((await run(...resume)).stderr).not.toMatch(/Training/);

  const refused = await run(...resume, '--steps', '30', '--set', 'training.ema=0.9');
  expect(refused).toMatchObject({ status: 2 });
  expect(refused.stderr).toMatch(/one `ema` from its first step \(none\)/);
  expect(await run(...resume, '--set', 'training.patience=5')).toMatchObject({ status: 2 });

  const more = ['--steps', '20', '--set', 'training.patience=5'];
  const ended = objects(await run(...resume, ...more)).at(-1);
  expect(ended).toMatchObject({ event: 'end', ended: 'steps', step: 20 });
  expect((await configOf(dir)).legs).toMatchObject([{ from: 10, training: { patience: 5 } }]);
});

test('the best step is kept, and evaluated, drawn and reported unless another is chosen', async () => {
  const lines = (await readMetrics(whole)).filter(({ split }) => split === 'validation');
  const best = lines.reduce((a, b) => (b.reconstruction! < a.reconstruction! ? b : a));
  const stepOf = async (...args: readonly string[]): Promise<unknown> =>
    objects(await run('evaluate', whole, '--metric', 'costs', '--json', ...args))[0]?.step;
  expect(await stepOf()).toBe(best.step);
  expect(await stepOf('--checkpoint', 'best')).toBe(best.step);
  expect(await stepOf('--checkpoint', 'last')).toBe(40);
  expect(await stepOf('--checkpoint', '35')).toBe(35);
  const none = await run('evaluate', whole, '--checkpoint', '7');
  expect(none).toMatchObject({ status: 1 });
  expect(none.stderr).toMatch(/no checkpoint of step 7\. It has best, 30, 35, 40\./);
  expect(await readFile(join(whole, 'report.html'), 'utf8')).toContain(
    `shown as of its best step, ${best.step}`,
  );
});
