// Data augmentation: does a classifier gain from samples of a model that was trained on the same few labelled rows?
import { selectBackend } from '@elbo/backends';
import { standardNormal } from '@elbo/core';
import { conditionOnLabel, fromArrays, strokes, type Dataset } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { adam } from '@elbo/optimisers';
import { fold, key, type Key } from '@elbo/random';
import { train } from '@elbo/training';
import { vae } from '@elbo/vae';
import * as tf from '@tensorflow/tfjs-core';
import { accuracy, trainClassifier } from './lib/classifier.ts';
import { numbers } from './lib/options.ts';
import { firstRows, labelsOf } from './lib/rows.ts';

const { steps, seeds, labelled } = numbers({ steps: 1500, seeds: 5, labelled: 200 });
await selectBackend();

/** How many digits are made for each real one. */
const copiesOfEach = 5;
const test = strokes({ size: 2000, split: 'test' });

/** A conditional VAE of a few rows, and what it makes of them. */
async function modelOf(few: Dataset, seed: number) {
  const model = vae({
    prior: standardNormal(8),
    encoder: gaussianEncoder({ network: mlp({ hidden: [128] }), latent: 8 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [128] }), shape: few.shape }),
  });
  const data = conditionOnLabel(few);
  const run = train(model, data, { steps, batchSize: 64, seed, primal: adam(1e-3), every: steps });
  for await (const { metrics } of run)
    console.log(`seed ${seed}: ELBO ${metrics.elbo?.toFixed(1)} nats`);
  const { primal } = run.take().params;
  const rows = await firstRows(data, data.size);

  /** Rows with the labels of the few, as often as `make` is asked for images of them. */
  const times = async (make: (noise: Key) => tf.Tensor): Promise<Dataset> => {
    const copies = Array.from({ length: copiesOfEach }, (_, copy) => copy);
    const images = tf.tidy(() => tf.concat(copies.map((copy) => make(fold(key(seed), copy)))));
    const x = await images.data<'float32'>();
    images.dispose();
    const own = await labelsOf(few);
    const label = Int32Array.from(copies.flatMap(() => Array.from(own)));
    return fromArrays({ x, label, shape: few.shape, name: 'made' });
  };
  return {
    /** From z of the prior, and a label: new digits, which may not look like their label. */
    samples: () => times((noise) => model.sample(primal, noise, few.size, rows.condition)),
    /** From z of the posterior of a row, and its label: the same digit again, a little different. */
    variations: () => times((noise) => model.reconstruct(primal, rows, noise)),
  };
}

/** The rows of two sets. */
async function joined(a: Dataset, b: Dataset): Promise<Dataset> {
  const parts = [await firstRows(a, a.size), await firstRows(b, b.size)];
  const x = tf.tidy(() => tf.concat(parts.map((part) => part.x)));
  const values = await x.data<'float32'>();
  tf.dispose([x, ...parts.flatMap((part) => [part.x, part.label!])]);
  const label = Int32Array.from([...(await labelsOf(a)), ...(await labelsOf(b))]);
  return fromArrays({ x: values, label, shape: a.shape, name: 'joined' });
}

const ways = ['real digits only', 'with samples', 'with variations'] as const;
const found = new Map(ways.map((way) => [way, [] as number[]]));
for (let seed = 1; seed <= seeds; seed++) {
  const few = strokes({ size: labelled, seed });
  const { samples, variations } = await modelOf(few, seed);
  const sets = [few, await joined(few, await samples()), await joined(few, await variations())];
  for (const [i, way] of ways.entries()) {
    // All take as many steps; beside made digits, the real ones are a share of 1 in 6.
    const right = await accuracy(await trainClassifier(sets[i]!, { steps, seed }), test);
    found.get(way)!.push(right);
    console.log(`  ${way}: ${(100 * right).toFixed(1)} %`);
  }
}

const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
const deviation = (of: readonly number[]): number =>
  Math.sqrt(
    of.reduce((sum, value) => sum + (value - mean(of)) ** 2, 0) / Math.max(1, of.length - 1),
  );
const summary = (of: readonly number[]): string =>
  `${(100 * mean(of)).toFixed(1)} ± ${(100 * deviation(of)).toFixed(1)} %`;
console.log(
  `\nAccuracy on ${test.size} test digits from ${labelled} labelled ones, mean ± standard deviation of ${seeds} seeds:`,
);
const baseline = found.get('real digits only')!;
for (const [way, values] of found) {
  const gains = values.map((value, i) => value - baseline[i]!);
  console.log(`  ${way}: ${summary(values)}; gain seed by seed ${summary(gains)}`);
}
