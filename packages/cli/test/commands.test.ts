import { spawnSync } from 'node:child_process';
import { openRun, readEvaluations } from '@elbo/runs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { run } from './call.js';
import {
  begin,
  elbo,
  objects,
  runApart,
  small,
  start,
  temporaryFolder,
  type Ended,
} from './command.js';

const training = ['train', 'vae', ...small, '--steps', '60', '--seed', '3'];

let folder: string;
let trained: string;
let plain: Ended;
beforeAll(async () => {
  folder = await temporaryFolder();
  trained = join(folder, 'trained');
  plain = await runApart(...training, '--out', trained);
  expect(plain).toMatchObject({ status: 0 });
});

async function expectPng(path: string): Promise<void> {
  const bytes = await readFile(path);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
}

test('in a pipe, training writes plain lines and names the report; notes go to standard error', async () => {
  const lines = plain.stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(
    /^step 3\/60 ELBO -\d+\.\d\d rec \d+\.\d\d KL -?\d+\.\d\d \d+\.\d steps\/s, \d+:\d\d left$/,
  );
  expect(lines.at(-1)).toBe(`Report: ${join(trained, 'report.html')}`);
  expect(plain.stdout).not.toContain('\x1b');
  expect(plain.stderr).toMatch(/^Backend (wasm|cpu) .*\nTraining vae-four-pixels for 60 steps/);
  for (const name of ['samples.png', 'reconstructions.png']) await expectPng(join(trained, name));
  expect(await readFile(join(trained, 'report.html'), 'utf8')).toContain('elbo train vae --data');
});

test('with --json, standard output holds objects only: start, reports, end', async () => {
  const out = join(folder, 'json');
  const found = objects(await run(...training, '--out', out, '--json'));
  expect(found[0]).toMatchObject({ event: 'start', run: out, step: 0, steps: 60, seed: 3 });
  for (const line of found.slice(1, -1))
    expect(line).toMatchObject({ event: 'report', elbo: expect.any(Number) as number });
  expect(found.at(-1)).toMatchObject({ event: 'end', ended: 'steps', step: 60, run: out });
});

const script = spawnSync('script', ['--version']).status === 0;
if (!script) console.warn('Not tested: the progress bar, as `script` is not installed.');
test.runIf(script)('on a terminal, a bar of one line takes the place of plain lines', async () => {
  const out = join(folder, 'terminal');
  const avb = ['train', 'avb', ...small, '--set', 'features=16', '--steps', '60', '--out', out];
  const words = [process.execPath, elbo, ...avb].map((word) => `'${word}'`).join(' ');
  const { stdout } = await start('script', ['-qec', `stty cols 100; ${words}`, '/dev/null']).ended;
  const frames = stdout.split(/[\r\n]/).filter((frame) => /\d+\/60 /.test(frame));
  expect(frames.length).toBeGreaterThan(5);
  for (const frame of frames) {
    expect(frame).toMatch(/^[━─]+ +\d+\/60 /u);
    expect(frame.replace('\x1b[K', '').length).toBeLessThan(100);
  }
  expect(frames.at(-1)).toMatch(
    /60\/60 ELBO -\S+ rec \S+ KL \S+ acc 0\.\d{3} \S+ steps\/s, 0:00 left/,
  );
  expect(stdout).not.toMatch(/step \d/);
  expect(stdout).toContain(`Report: ${join(out, 'report.html')}`);
  // It leaves the terminal's settings alone, so a kill leaves none changed.
  expect(stdout).not.toContain('\x1b[?');
});

test('evaluate: finite figures, the same for the same seed, and no less than the entropy of the data', async () => {
  const evaluate = ['evaluate', trained, '--metric', 'elbo,nll', '--samples', '1000', '--json'];
  const [second, other] = await Promise.all([run(...evaluate), run(...evaluate, '--seed', '1')]);
  const first = await run(...evaluate);
  expect(first).toMatchObject({ status: 0 });
  expect(second.stdout).toBe(first.stdout);
  expect(other.stdout).not.toBe(first.stdout);
  const [elboLine, nllLine] = objects(first) as Record<string, number>[];
  expect(elboLine).toMatchObject({ metric: 'elbo', rows: 4, step: 60 });
  expect(nllLine).toMatchObject({ metric: 'nll', rows: 4, samples: 1000 });
  // JSON has null for what is not finite.
  expect(Object.values({ ...elboLine, ...nllLine })).not.toContain(null);
  expect(elboLine!.elbo).toBeCloseTo(-elboLine!.reconstruction! - elboLine!.kl!, 4);
  // Gibbs: the mean of −log p over the four equally likely images is at least log 4.
  expect(nllLine!.nll).toBeGreaterThan(Math.log(4) - 0.02);
  // Importance sampling is a tighter bound than the ELBO, but for the noise of one draw of z a row.
  expect(nllLine!.nll).toBeLessThan(-elboLine!.elbo! + 1);
  // Kept, and shown in plain words: once for each seed.
  const kept = await readEvaluations(await openRun(trained));
  expect(kept.map(({ metric, options }) => [metric, options.seed])).toEqual(
    expect.arrayContaining([
      ['elbo', 0],
      ['nll', 0],
    ]),
  );
  for (const { figures, perRow } of kept) {
    const { values } = perRow!;
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean).toBeCloseTo(figures[0]!.value as number, 4);
  }
  const page = await readFile(join(trained, 'report.html'), 'utf8');
  expect(page).toContain('Log-likelihood by importance sampling');
  expect(page).toMatch(/\d ± \d\S* nats/);
});

test('sample and reconstruct write PNG files where they are told', async () => {
  for (const name of ['sample', 'reconstruct']) {
    const path = join(folder, `${name}.png`);
    const ended = await run(name, trained, '--count', '9', '--out', path, '--json');
    expect(ended).toMatchObject({ status: 0 });
    expect(objects(ended)).toEqual([expect.objectContaining({ path, count: 9 })]);
    await expectPng(path);
  }
});

test('traverse draws each coordinate, the most used first; report makes the page again', async () => {
  const path = join(folder, 'traverse.png');
  const [drawn, text, report] = await Promise.all([
    run('traverse', trained, '--columns', '3', '--out', path, '--json'),
    run('traverse', trained, '--row', '1', '--out', join(folder, 'of-a-row.png')),
    run('report', trained, '--json'),
  ]);
  await expectPng(path);
  const [{ values, coordinates }] = objects(drawn) as unknown as [
    { values: number[]; coordinates: { coordinate: number; variance: number }[] },
  ];
  expect(values).toEqual([-2.5, 0, 2.5]);
  expect(coordinates.map(({ coordinate }) => coordinate).sort()).toEqual([0, 1]);
  expect(coordinates[0]!.variance).toBeGreaterThanOrEqual(coordinates[1]!.variance);
  expect(text.stdout).toMatch(/the others at the code of row 1\.\nrow 1: z\[\d\], .*\nrow 2: /);
  // The code of a row is not 0.
  expect(await readFile(path)).not.toEqual(await readFile(join(folder, 'of-a-row.png')));
  expect(objects(report)).toEqual([{ run: trained, report: join(trained, 'report.html') }]);
});

test.each([
  ['models', ['avb', 'vae'], /--set learningRate=/],
  ['data list', ['strokes', 'four-pixels', 'mnist'], /handwritten digits/],
  ['backends', ['wasm', 'cpu', 'webgpu'], /4\.22\.0 .*× the slowest/],
])('%s, as text and as JSON', async (command, names, text) => {
  const [asText, asJson] = await Promise.all([
    run(...command.split(' ')),
    run(...command.split(' '), '--json'),
  ]);
  expect(asText).toMatchObject({ status: 0, stderr: '' });
  expect(asText.stdout).toMatch(text);
  expect(objects(asJson).map(({ name }) => name)).toEqual(expect.arrayContaining(names));
});

test('a picture or a page goes nowhere near what a run is made of', async () => {
  const before = await readFile(join(trained, 'config.json'));
  for (const [words, says] of [
    [['sample', trained, '--out', join(trained, 'config.json')], 'ends in .png'],
    [['sample', trained, '--out', join(trained, 'samples.png')], "the run's own samples.png"],
    [['compare', trained, folder, '--out', join(trained, 'metrics.jsonl')], 'ends in .html'],
    [['compare', trained, folder, '--out', join(trained, 'report.html')], 'own report.html'],
    [['traverse', trained, '--out', ''], 'It is empty'],
  ] as const) {
    const refused = await run(...words);
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain(says);
  }
  expect(await readFile(join(trained, 'config.json'))).toEqual(before);
});

test('the doctor finds what can compute here, and a model has its kernels on it', async () => {
  const ended = await run('doctor', '--model', 'vae', '--json');
  const findings = objects(ended);
  const about = (name: string) => findings.find((finding) => finding.about === name);
  expect(about('Node')?.says).toContain(process.versions.node);
  expect(about('vae on wasm')).toMatchObject({ status: 'fine' });
  const wrong = findings.some(({ status }) => status === 'wrong');
  expect(ended.status).toBe(wrong ? 1 : 0);
});

test('a build against a folder without TensorFlow says how to have it', async () => {
  const { status, stderr } = await run('build-native', '--tensorflow', folder);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^elbo: (There is no TensorFlow Python package|A binding is built .* Linux)/,
  );
});

test('a model conditioned on labels draws the class that it is asked for', async () => {
  const out = join(folder, 'conditional');
  const trained = await run(
    ...['train', 'iwae', ...small, '--condition', 'label', '--steps', '20', '--out', out],
  );
  expect(trained.status).toBe(0);
  await expectPng(join(out, 'samples.png'));
  const images = await Promise.all(
    ['0', '1'].map(async (name) => {
      const path = join(out, `${name}.png`);
      const drawn = await run('sample', out, '--class', name, '--count', '4', '--out', path);
      expect(drawn.status).toBe(0);
      return readFile(path, 'base64');
    }),
  );
  expect(images[0]).not.toBe(images[1]);
  const refused = await run('sample', out, '--class', '9');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('classes are 0 to 3');
});

test('a model whose terms a file names trains, and another weight can be set by its place', async () => {
  const file = join(import.meta.dirname, '..', '..', '..', 'examples', 'hybrid.json');
  // Few rows, for the report samples a thousand codes for each.
  const rows = ['train', 'validation', 'test'].map((split) => `data.${split}.data.size=16`);
  const sets = ['training.steps=3', 'training.batchSize=8', 'model.terms.2.factor=1', ...rows];
  const out = join(folder, 'hybrid');
  const ended = await run(
    ...['train', '--config', file, ...sets.flatMap((set) => ['--set', set]), '--out', out],
  );
  expect(ended.stdout).toMatch(/step 3\/3 ELBO \S+ rec \S+ KL \S+ adversarial-x \S+ acc/);
  const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8')) as object;
  expect(config).toMatchObject({ model: { terms: [{}, {}, { kind: 'weight', factor: 1 }] } });
});

test.each([
  [
    'Saturated critic',
    'gan',
    'strokes',
    ['learningRate=1e-7', 'penalty=none', 'discriminatorRate=0.003'],
    /`balance`/,
  ],
  ['Mode collapse', 'gan', 'strokes', ['learningRate=1e-7', 'penalty=none'], /`r1`/],
  [
    'Dead encoder',
    'vae',
    'ring',
    ['beta=1000', 'learningRate=0.01', 'latent=2'],
    /Anneal the weight/,
  ],
])(
  '%s of a %s is named in the last lines and in the report',
  async (sign, model, data, sets, remedy) => {
    const out = join(folder, sign);
    const sizes = ['--data', data, '--batch-size', '32', '--steps', '100', '--out', out];
    const options = ['hidden=[32]', ...sets].flatMap((set) => ['--set', set]);
    const { status, stderr } = await run('train', model, ...sizes, ...options);
    expect(status).toBe(0);
    expect(stderr.split('\n').find((line) => line.startsWith(`Warning: ${sign}: `))).toMatch(
      remedy,
    );
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(`${sign}: `);
    const encodes = model !== 'gan';
    const metrics = `collapse${encodes ? ',probe' : ''}`;
    const found = objects(
      await run('evaluate', out, '--metric', metrics, '--rows', '200', '--json'),
    );
    expect(found[0]).toMatchObject({
      signs: expect.stringContaining(sign.toLowerCase()) as string,
    });
    if (encodes) expect(found[1]).toMatchObject({ linearAccuracy: expect.any(Number) as number });
  },
);

test('evaluate: codes are scored by what rows were made from, where data tell', async () => {
  const out = join(folder, 'sprites');
  const sizes = ['--data', 'sprites', '--batch-size', '32', '--steps', '3', '--out', out];
  expect((await run('train', 'aae', ...sizes, '--set', 'hidden=[16]')).status).toBe(0);
  const asked = ['evaluate', out, '--metric', 'factors', '--rows', '400', '--json'];
  const [found] = objects(await run(...asked));
  const scores = ['mig', 'sap', 'disentanglement', 'completeness', 'factorVae', 'mig/orientation'];
  for (const score of scores) {
    const value = (found as Record<string, number>)[score]!;
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
  }
  const refused = await run('evaluate', trained, '--metric', 'factors');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('sprites and strokes have them');
});

test('evaluate: annealing bounds log p(x) from both sides; codes are looked at', async () => {
  const sizes = ['--rows', '4', '--chains', '4', '--temperatures', '30'];
  const [ais, bdmc, codes] = objects(
    await run('evaluate', trained, '--metric', 'ais,bdmc,codes', ...sizes, '--json'),
  );
  // The data are four images, each as likely.
  expect(ais).toMatchObject({ metric: 'ais', rows: 4, acceptance: expect.any(Number) as number });
  expect((ais as { logLikelihood: number }).logLikelihood).toBeLessThan(-Math.log(4) + 0.1);
  expect(bdmc).toMatchObject({ lower: expect.any(Number) as number });
  const { lower, upper, gap } = bdmc as Record<'lower' | 'upper' | 'gap', number>;
  expect(upper - lower).toBeCloseTo(gap, 6);
  expect(codes).toMatchObject({ kl: expect.any(Number) as number });
  const few = await run('evaluate', trained, '--metric', 'probe');
  expect(few).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('not estimable from 4 points') as string,
  });
});

test('evaluate: a model without an ELBO says so, and shows its costs', async () => {
  const out = join(folder, 'gan');
  expect((await run('train', 'gan', ...small, '--steps', '3', '--out', out)).status).toBe(0);
  const refused = await run('evaluate', out, '--metric', 'elbo');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('--metric costs');
  const [costs] = objects(await run('evaluate', out, '--json'));
  expect(costs).toMatchObject({ metric: 'costs', 'adversarial-x': expect.any(Number) as number });
});

test('each command explains itself, with an example', async () => {
  const commands = ['train', 'evaluate', 'compare', 'report', 'reconstruct', 'traverse'];
  const values = ['sample', 'embed', 'interpolate', 'score', 'export'];
  const others = ['data', 'models', 'backends', 'doctor'];
  const asked = [...commands, ...values, ...others].map(async (command) => {
    const { status, stdout } = await run(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: elbo ${command}`));
    expect(stdout).toMatch(/Examples:\n {2}\$ elbo /);
  });
  await Promise.all(asked);
});

test('alone, it shows its help as wrong usage; --help and --version are none', async () => {
  const [alone, help, version] = await Promise.all([run(), run('--help'), run('--version')]);
  expect(alone).toMatchObject({ status: 2, stdout: '' });
  expect(alone.stderr).toBe(help.stdout);
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(version).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n/) as string,
  });
});

test('a reader that goes away is no error', async () => {
  const command = begin('models');
  command.child.stdout!.destroy();
  expect(await command.ended).toMatchObject({ status: 0, stderr: '' });
});
