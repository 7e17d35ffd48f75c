// Sizes that no machine has are refused before anything of them is made, with the figure and the limit.
import { selectBackend } from '@elbo/backends';
import { countParameters, disposeTree, leaves, MemoryError, type Config } from '@elbo/core';
import { fourPixels, strokes, subset, traitsOf } from '@elbo/datasets';
import {
  drawnFrom,
  onRows,
  pairBytes,
  reconstructionsPng,
  samplesPng,
  tryOneStep,
} from '@elbo/experiments';
import { recipes, standard } from '@elbo/models';
import { dense } from '@elbo/networks';
import { modelCategory } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { grid, pairGrid } from '@elbo/report';
import { memory } from '@tensorflow/tfjs-core';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { call } from './call.js';
import { small, temporaryFolder } from './command.js';

beforeAll(() => selectBackend({ backend: 'wasm' }));

const data = strokes({ size: 64 });

test.each(recipes)(
  'the parameters of $name are as many as are counted without making them',
  (recipe) => {
    const { model } = recipe.build(traitsOf(data), { hidden: [8] }, { steps: 1, batchSize: 8 });
    const init = () => ({ ...model.init(key(1), data.shape) });
    const before = memory();
    const counted = countParameters(init);
    expect(memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
    const made = init();
    expect(counted).toBe(leaves(made).reduce((sum, { size }) => sum + size, 0));
    disposeTree(made);
  },
);

test('counting ends where there are too many, and leaves nothing behind', () => {
  const wide = dense({ units: 1e9 });
  expect(() => countParameters(() => wide.init(key(1), [10]).params, 1e9)).toThrow(MemoryError);
  // What no backend holds is refused where it is made, too.
  expect(() => wide.init(key(1), [10])).toThrow(/\[10, 1000000000\] take 40 GB/);
  const { params } = dense({ units: 2 }).init(key(1), [3]);
  expect(leaves(params).every(({ size }) => size > 0)).toBe(true);
  disposeTree(params);
});

test.each([
  [
    ['--batch-size', '1000000000'],
    /A minibatch of 1000000000 rows needs about .*TB.* lower --batch-size/,
  ],
  [['--set', 'latent=1000000000'], /too large to train here.*1000000000.* TB/],
  [['--set', 'hidden=[100000,100000]'], /too large to train here.*\[100000, 100000\] take 40 GB/],
  [
    ['--batch-size', '100000', '--workers', '100000'],
    /among 100000 workers needs about .*lower --workers/,
  ],
])('train %s', async (flags, message) => {
  const refused = await call([
    'train',
    'vae',
    '--data',
    'strokes',
    '--out',
    join(await temporaryFolder(), 'run'),
    ...flags,
  ]);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toMatch(message);
});

test('of a large minibatch, what a row takes is measured', async () => {
  const { model } = recipes
    .find(({ name }) => name === 'vae')!
    .build(traitsOf(data), { latent: 2, hidden: [1000] }, { steps: 1, batchSize: 64 });
  const training = {
    steps: 1,
    batchSize: 64,
    seed: 1,
    primal: { kind: 'adam', learningRate: 1e-3 },
  };
  const sets = { train: data, validation: data, test: data };
  const peak = async (rows: number): Promise<number> =>
    (await tryOneStep(model, { training }, sets, standard, rows)).peakBytes;
  const row = ((await peak(64)) - (await peak(32))) / 32;
  // The input, the hidden layers and the logits at least, with a gradient for some of them.
  expect(row).toBeGreaterThan(4 * (784 * 2 + 1000 * 2));
  expect(row).toBeLessThan(4 * 20 * (784 + 1000));
});

test('a picture and a measurement', async () => {
  const dir = join(await temporaryFolder(), 'run');
  expect(await call(['train', 'vae', ...small, '--steps', '2', '--out', dir])).toMatchObject({
    status: 0,
  });
  for (const [args, message] of [
    [
      ['sample', dir, '--count', '1000000000'],
      /A picture of 1000000000 images needs .*lower --count/,
    ],
    [['traverse', dir, '--columns', '1000000000'], /needs about .*lower --count or --columns/],
    [['evaluate', dir, '--chains', '1000000000'], /1000000000 chains needs about .*lower --chains/],
    [
      ['evaluate', dir, '--metric', 'nll', '--samples', '1000000000000'],
      /needs about .*lower --samples/,
    ],
    [
      ['evaluate', dir, '--metric', 'bdmc', '--rows', '1000000000000'],
      /needs about .*lower --rows/,
    ],
    [['evaluate', dir, '--temperatures', '1000000000000'], /lower --temperatures/],
  ] as const) {
    const refused = await call(args);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(message);
  }
});

test('many samples are drawn in parts, to the same bits', async () => {
  const four = fourPixels();
  const { model } = recipes
    .find(({ name }) => name === 'vae')!
    .build(traitsOf(four), { latent: 2, hidden: [4] }, { steps: 1, batchSize: 4 });
  const params = model.init(key(1), four.shape);
  const drawn = model.sample(params.primal, fold(key(1), 'samples'), 700);
  const whole = grid(await drawn.data<'float32'>(), { count: 700, shape: four.shape, columns: 10 });
  drawn.dispose();
  const before = memory().numTensors;
  const png = await samplesPng(model, params, drawnFrom(four), {
    seed: 1,
    count: 700,
    columns: 10,
  });
  expect(memory().numTensors).toBe(before);
  expect(png).toEqual(whole);
  disposeTree(params.primal);
});

test('many rows are reconstructed in parts, to the same bits', async () => {
  const data = subset(
    fourPixels(),
    Array.from({ length: 502 }, (_, i) => i % 4),
  );
  const { model } = recipes
    .find(({ name }) => name === 'vae')!
    .build(traitsOf(data), { latent: 2, hidden: [4] }, { steps: 1, batchSize: 4 });
  const params = model.init(key(1), data.shape);
  const noise = fold(key(1), 'reconstructions');
  const whole = await onRows(data, { count: 502, noise, model }, (batch) => {
    const made = model.reconstruct(params.primal, batch, noise);
    const [originals, means] = [batch.x, made].map((all) => all.dataSync<'float32'>());
    made.dispose();
    return Promise.resolve(pairGrid(originals!, means!, { count: 502, shape: data.shape }));
  });
  const before = memory().numTensors;
  expect(await reconstructionsPng(model, params, data, { seed: 1, count: 502 })).toEqual(whole);
  expect(memory().numTensors).toBe(before);
  disposeTree(params.primal);
});

/** A model as files have it, of four pixels. */
const composed = (...terms: readonly Config[]): Config => ({
  kind: 'composed',
  prior: { kind: 'standard-normal', dim: 2 },
  encoder: { kind: 'gaussian', network: { kind: 'mlp', hidden: [4] }, latent: 2 },
  decoder: { kind: 'bernoulli', network: { kind: 'mlp', hidden: [4] }, shape: [2, 2, 1] },
  terms: [{ kind: 'reconstruction' }, ...terms],
});
const critic: Config = {
  kind: 'sequential',
  layers: [
    { kind: 'flatten' },
    { kind: 'minibatch-discrimination', kernels: 2, dims: 2 },
    { kind: 'dense', units: 1 },
  ],
};

test.each<Config>([
  { kind: 'mmd' },
  { kind: 'sinkhorn', iterations: 2 },
  { kind: 'kl-part', part: 'correlation' },
  { kind: 'adversarial-x', discriminator: critic },
])('what $kind keeps of pairs of rows is no more than it needs', async (term) => {
  const model = standard.build(modelCategory, composed(term));
  const data = subset(
    fourPixels(),
    Array.from({ length: 512 }, (_, i) => i % 4),
  );
  const training = {
    steps: 1,
    batchSize: 512,
    seed: 1,
    primal: { kind: 'adam', learningRate: 1e-3 },
  };
  const sets = { train: data, validation: data, test: data };
  const { peakBytes } = await tryOneStep(model, { training }, sets, standard, 512);
  expect(pairBytes(model, 512)).toBeGreaterThanOrEqual(4 * 512 ** 2);
  expect(peakBytes).toBeGreaterThan(pairBytes(model, 512));
});

test('a hybrid in a file, whose terms compare all rows of a minibatch', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'hybrid.json');
  const config = {
    model: composed({ kind: 'weight', factor: 10, term: { kind: 'mmd' } }),
    data: { train: { kind: 'four-pixels' } },
    training: {
      steps: 2,
      batchSize: 100_000,
      seed: 1,
      primal: { kind: 'adam', learningRate: 1e-3 },
    },
  };
  await writeFile(file, JSON.stringify(config));
  const train = ['train', '--config', file, '--out', join(folder, 'run')];
  const refused = await call(train);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    /A minibatch of 100000 rows needs about 120 GB.*lower --batch-size \(training\.batchSize\)/,
  );
  expect(await call([...train, '--batch-size', '8'])).toMatchObject({ status: 0 });
});
