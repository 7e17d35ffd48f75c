import { avbRecipe } from '@elbo/avb';
import { selectBackend } from '@elbo/backends';
import { disposeTree, gaussiansOnCircle, normal, standardNormal, type Prior } from '@elbo/core';
import { ring, traitsOf } from '@elbo/datasets';
import { cacheFolder } from '@elbo/datasets/node';
import {
  compose,
  kl,
  reconstruction,
  type Decoder,
  type Encoder,
  type PosteriorOf,
} from '@elbo/objectives';
import { key } from '@elbo/random';
import { lastingFolder } from '@elbo/testing/folders';
import { fill, memory, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { evaluationOf } from '../src/evaluation/evaluation.js';
import { metricNamed, type MetricOptions } from '../src/evaluation/metrics.js';
import { featuresFor } from '../src/evaluation/metrics/feature_cache.js';
import { quiet, type Host } from '../src/host.js';
import { knownWith } from '../src/known.js';
import type { RunWithData } from '../src/use/load_run.js';

const notes: string[] = [];
const output: Host = { ...quiet, note: (text) => notes.push(text) };
const options: MetricOptions = { chains: 1, temperatures: 1, seed: 0 };

beforeAll(async () => {
  await selectBackend({ backend: 'wasm' });
  vi.stubEnv('XDG_CACHE_HOME', await lastingFolder());
  return () => void vi.unstubAllEnvs();
});

const noise = 1e-3;
/** N(·, .001²) about its argument. */
const about = (centre: Tensor) =>
  normal(centre as Tensor2D, fill(centre.shape as [number, number], 2 * Math.log(noise)));

const encoder: Encoder<'posterior' | 'logProb'> = {
  config: { kind: 'about' },
  offers: ['posterior', 'logProb'],
  latent: 2,
  init: () => ({}),
  posterior: (_params, _mode, x) => {
    const q = about(x);
    const posterior: PosteriorOf<'logProb'> & { readonly q: typeof q } = {
      q,
      sample: q.sample,
      logProb: q.logProb,
      detach: () => posterior,
    };
    return posterior;
  },
};
const decoder: Decoder = {
  config: { kind: 'about' },
  init: () => ({}),
  likelihood: (_params, _mode, z) => about(z),
};

const sets = { train: ring({ size: 2000 }), test: ring({ size: 2000, split: 'test' }) };
/** The data's own distribution. */
const truth = gaussiansOnCircle({ components: 8, radius: 2, scale: sets.train.sd });

/** A model whose samples are draws of its prior, all but .001. */
function trained(prior: Prior): RunWithData {
  const model = compose({ prior, encoder, decoder, terms: [reconstruction(), kl()] });
  const params = { primal: { encoder: {}, decoder: {} }, dual: {} };
  return { model, params, sets, known: knownWith({}) } as unknown as RunWithData;
}

test('samples of the data’s own distribution are as good as held-out data, and others are not', async () => {
  const metric = metricNamed('samples');
  const figures = async (prior: Prior) => {
    const found = await metric(trained(prior), { ...options, rows: 500 }, output);
    return found as Readonly<Record<string, number>>;
  };
  const [perfect, poor] = [await figures(truth), await figures(standardNormal(2))];
  expect(perfect).toMatchObject({ rows: 500, drawn: 'means of p(x|z)' });
  for (const own of ['', 'OfData'])
    expect(Math.abs(perfect[`kernel${own}`]!)).toBeLessThan(4 * perfect[`kernel${own}Error`]!);
  // 500 samples of 500: a standard error of at most .022 each.
  // Not recall: neighbourhoods of samples that are outliers are wide.
  for (const share of ['precision', 'coverage']) {
    expect(Math.abs(perfect[share]! - perfect[`${share}OfData`]!)).toBeLessThan(0.1);
    expect(poor[share]!).toBeLessThan(poor[`${share}OfData`]! - 0.3);
  }
  expect(Math.abs(perfect.closer! - 0.5)).toBeLessThan(4 * perfect.closerError!);
  expect(poor.kernel!).toBeGreaterThan(5 * poor.kernelError!);
  expect(poor.frechet!).toBeGreaterThan(3 * poor.frechetOfData!);
  expect(poor.nearest!).toBeGreaterThan(3 * poor.nearestOfData!);
  // In words: each figure with its error in one line, the reference below it.
  const { figures: words } = evaluationOf(
    { metric: 'samples', ...poor },
    { step: 1, options, seconds: 1, backend: '' },
  );
  const kernel = words.findIndex(({ name }) => name === 'kernel');
  expect(words[kernel]).toMatchObject({ value: poor.kernel, error: poor.kernelError });
  expect(words[kernel + 1]).toMatchObject({ name: 'kernelOfData', label: '… of held-out data' });
  for (const name of ['frechet', 'precision', 'recall', 'density', 'coverage'])
    for (const own of [name, `${name}OfData`])
      expect(words.find((figure) => figure.name === own)?.error).toBeGreaterThanOrEqual(0);
  expect(words.every(({ name, label }) => name !== label)).toBe(true);
});

test('features are learned once; a broken file is made anew, to the same bits', async () => {
  const before = memory().numTensors;
  const store = join(cacheFolder(), 'features');
  const learn = async (): Promise<string> => {
    const { params, digest } = await featuresFor(sets.train, output);
    disposeTree(params);
    return join(store, `${digest}.safetensors`);
  };
  const path = await learn();
  const bytes = await readFile(path);
  notes.length = 0;
  expect(await learn()).toBe(path);
  expect(notes).toEqual([]);
  await truncate(path, 1000);
  await learn();
  expect(notes[0]).toMatch(/damaged, so they are trained again/);
  expect(await readFile(path)).toEqual(bytes);
  // Whole, but of other data.
  const text = bytes.toString('latin1').replace('\\"seed\\":0', '\\"seed\\":1');
  await writeFile(path, text, 'latin1');
  await learn();
  expect(notes.at(-2)).toMatch(/holds a different network/);
  expect(await readdir(store)).toHaveLength(1);
  expect(memory().numTensors).toBe(before);
});

test('other data are found, and the promise on one’s own is kept', async () => {
  const metric = metricNamed('ood');
  const found = await metric(
    trained(truth),
    { ...options, rows: 400, samples: 10, against: 'grid' },
    output,
  );
  const { likelihoodAuroc, likelihoodFound, likelihoodFalseAlarms, elboAuroc } = found as Readonly<
    Record<string, number>
  >;
  // Four of the grid's 25 points lie on the ring, more spread; the others are never on it.
  expect(likelihoodAuroc).toBeGreaterThan(0.85);
  expect(likelihoodFound).toBeGreaterThan(0.75);
  expect(elboAuroc).toBeCloseTo(likelihoodAuroc!, 1);
  // 5 %, by 200 rows of either kind: a standard error of .022.
  expect(likelihoodFalseAlarms).toBeLessThan(0.05 + 4 * 0.022);
  await expect(
    metric(trained(truth), { ...options, against: 'four-pixels' }, output),
  ).rejects.toThrow(/rows are of shape \[2, 2, 1\]/);
  await expect(metric(trained(truth), options, output)).rejects.toThrow(/--against/);
});

test('the diagnosis says what was found of a discriminator that was never trained', async () => {
  const { model } = avbRecipe.build(
    traitsOf(sets.train),
    { latent: 2, hidden: [8], features: 8, contrast: 'plain' },
    { steps: 1, batchSize: 8 },
  );
  const params = model.init(key(1), sets.train.shape);
  const before = memory().numTensors;
  const found = await metricNamed('diagnosis')(
    { model, params, sets } as unknown as RunWithData,
    { ...options, rows: 50, samples: 20, fitSteps: 20 },
    output,
  );
  expect(memory().numTensors).toBe(before);
  expect(found).toMatchObject({ rows: 50, samples: 20, fitSteps: 20 });
  expect(found.perRow).toHaveLength(50);
  // Its last layer is zero: it claims that there is no KL, and log-odds of 0 are right half the time.
  expect(found.accuracy).toBe(0.5);
  expect(Number(found.refitFrom)).toBeLessThan(Number(found.refitTo));
  const { figures } = evaluationOf(found, { step: 1, options, seconds: 1, backend: '' });
  expect(figures.every(({ name, label }) => name !== label)).toBe(true);
  disposeTree(params.primal);
  disposeTree(params.dual);
});
