import { flatten } from '@elbo/core';
import { describeSets, fromArrays, type Dataset } from '@elbo/datasets';
import { findCollapse } from '@elbo/evaluation';
import type { Batch, Model, ModelParams } from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { toBatch, train, trainOptions } from '@elbo/training';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { recipes } from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const [size, columns, steps, batchSize] = [50, 3, 10, 4];
const noise = normal(key(1), columns * size);

/** Rows of columns that hang together, each in a unit 2^k times smaller: powers of two scale float32 numbers exactly. */
function dataOf(powers: readonly number[]): Dataset {
  const x = noise.map(
    (value, i) => Math.fround(3 + value + noise[i - (i % columns)]!) * 2 ** powers[i % columns]!,
  );
  const label = Int32Array.from({ length: size }, (_, row) => Number(noise[columns * row]! > 0));
  return fromArrays({ x, label, shape: [columns], range: 'finite' });
}

interface Trained {
  readonly model: Model;
  readonly params: ModelParams;
  /** All rows. */
  readonly batch: Batch;
  /** Of each step. */
  readonly metrics: readonly Readonly<Record<string, number>>[];
}

async function trained(
  name: string,
  options: Readonly<Record<string, unknown>>,
  powers: readonly number[],
): Promise<Trained> {
  const data = dataOf(powers);
  const recipe = recipes.find((one) => one.name === name)!;
  const traits = await describeSets({ train: data, validation: data, test: data });
  const built = recipe.build(traits, options, { steps, batchSize });
  const training = { ...built.training, steps, batchSize, seed: 0, every: 1 };
  const run = train(
    built.model,
    built.prepare?.(data) ?? data,
    trainOptions(training, recipe.registry),
  );
  const metrics: Readonly<Record<string, number>>[] = [];
  for await (const report of run) metrics.push(report.metrics);
  const rows = Uint32Array.from({ length: size }, (_, row) => row);
  const batch = toBatch(await data.read(rows, key(0)), data.shape, data.name);
  return { model: built.model, params: run.take().params, batch, metrics };
}

const numbersIn = (params: ModelParams): number[] =>
  flatten({ ...params.primal, dual: { ...params.dual } }).flatMap(({ tensor }) =>
    Array.from(tensor.dataSync()),
  );

/** Which of a model's figures are minus a log density, in the data's units; all others have none. */
const densities = ['reconstruction', 'bound'];

const dense = { hidden: [6], latent: 2 };
const critical = { ...dense, features: 6 };

it.each<[string, Record<string, unknown>]>([
  ['vae', dense],
  ['vae', { ...dense, prior: 'vamp', components: 2 }],
  ['iwae', { ...dense, samples: 3 }],
  ['avb', { ...critical, contrast: 'plain', noise: 2 }],
  ['avb', { ...critical, contrast: 'adaptive', noise: 2 }],
  ['avb', { ...critical, contrast: 'anchored', noise: 2 }],
  ['aae', critical],
  ['aae-semi', { hidden: [6], style: 2, features: 6, labels: 10 }],
  ['wvae', { ...critical, divergence: 'mmd' }],
  ['wvae', { ...critical, divergence: 'sinkhorn' }],
  ['wvae', { ...critical, divergence: 'critic' }],
  ['wvae', { ...critical, divergence: 'adversarial' }],
  ['avae', dense],
  ['vae-gan', dense],
  ['gan', dense],
  ['bigan', dense],
])('%s %o: units of the data change what they must and nothing else', async (name, options) => {
  const powers = [60, -100, 24];
  const [one, other] = [
    await trained(name, options, [0, 0, 0]),
    await trained(name, options, powers),
  ];
  expect(one.model.standard).toBeDefined();
  // Of a density p(x), x in units c times smaller: log p is less by log c, summed over columns.
  const shift = powers.reduce((sum, power) => sum + power, 0) * Math.log(2);
  // Importance weights are of log densities that hold the shift, rounded with it; a step may change by that share of the rate.
  const rounded = name === 'iwae';
  const shifted = new Set<string>();
  one.metrics.forEach((metrics, step) => {
    for (const [figure, value] of Object.entries(metrics)) {
      const moved = other.metrics[step]![figure]!;
      const expected =
        figure === 'elbo' ? value - shift : densities.includes(figure) ? value + shift : undefined;
      if (expected !== undefined) {
        shifted.add(figure);
        expect(Math.abs(moved - expected), figure).toBeLessThan(
          1e-6 * (Math.abs(shift) + Math.abs(value)),
        );
      } else if (rounded) expect(moved / value, figure).toBeCloseTo(1, 4);
      else expect(moved, `${figure} of step ${step}`).toBe(value);
    }
  });
  expect(shifted.has('elbo')).toBe(['vae', 'iwae', 'avb', 'avae'].includes(name));

  const [params, moved] = [numbersIn(one.params), numbersIn(other.params)];
  expect(params.length).toBeGreaterThan(20);
  if (rounded)
    params.forEach((value, i) => {
      expect(Math.abs(moved[i]! - value)).toBeLessThan(1e-5);
    });
  else expect(moved).toEqual(params);

  const use = ({ model, params: { primal }, batch }: Trained) => ({
    codes: model.encoder && Array.from(model.encode(primal, batch, key(2)).dataSync()),
    samples: Array.from(model.sample(primal, key(3), 5).dataSync()),
  });
  const [uses, theirs] = [use(one), use(other)];
  if (!rounded) expect(theirs.codes).toEqual(uses.codes);
  uses.samples.forEach((value, i) => {
    expect(theirs.samples[i]! / 2 ** powers[i % columns]! / value).toBeCloseTo(1, rounded ? 4 : 12);
  });

  const collapse = ({ model, params: all, batch }: Trained) =>
    findCollapse(model, all, batch, { key: key(4), step: steps });
  const [found, again] = [await collapse(one), await collapse(other)];
  expect(again.signs.map(({ kind }) => kind)).toEqual(found.signs.map(({ kind }) => kind));
  expect(again.encoder?.activeUnits).toBe(found.encoder?.activeUnits);
  expect(again.notEstimable).toEqual(found.notEstimable);
  expect(found.samples).toBeDefined();
  if (!rounded) {
    expect(again.samples).toEqual(found.samples);
    expect(again.accuracies).toEqual(found.accuracies);
  }
});
