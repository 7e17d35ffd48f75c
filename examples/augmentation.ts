// Data augmentation: does a classifier gain from samples of a model that was trained on the same few labelled rows?
import { selectBackend } from '@elbo/backends';
import { disposeTree, standardNormal } from '@elbo/core';
import { conditionOnLabel, fromArrays, strokes, type Dataset } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { adam } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { train } from '@elbo/training';
import { vae } from '@elbo/vae';
import * as tf from '@tensorflow/tfjs-core';
import { accuracy, trainClassifier } from './lib/classifier.ts';
import { numbers } from './lib/options.ts';
import { firstRows, labelsOf } from './lib/rows.ts';

const { steps, seeds, labelled } = numbers({ steps: 1500, seeds: 5, labelled: 200 });
await selectBackend();

const classes = 10;
const test = strokes({ size: 2000, split: 'test' });

/** Samples of a conditional VAE that was trained on `few`, as many of each class. */
async function samplesLike(few: Dataset, count: number, seed: number): Promise<Dataset> {
  const model = vae({
    prior: standardNormal(8),
    encoder: gaussianEncoder({ network: mlp({ hidden: [128] }), latent: 8 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [128] }), shape: few.shape }),
  });
  const run = train(model, conditionOnLabel(few), {
    steps,
    batchSize: 64,
    seed,
    primal: adam(1e-3),
    every: steps,
  });
  for await (const { metrics } of run)
    console.log(`  model: ELBO ${metrics.elbo?.toFixed(1)} nats`);
  const { params } = run.take();
  const label = Int32Array.from({ length: count }, (_, i) => i % classes);
  const images = tf.tidy(() => {
    const condition = tf.cast(
      tf.oneHot(tf.tensor1d(label, 'int32'), classes),
      'float32',
    ) as tf.Tensor2D;
    return model.sample(params.primal, fold(key(seed), 'augmentation'), count, condition);
  });
  const x = await images.data<'float32'>();
  images.dispose();
  disposeTree(params.primal);
  return fromArrays({ x, label, shape: few.shape, name: 'samples' });
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

const alone: number[] = [];
const augmented: number[] = [];
for (let seed = 1; seed <= seeds; seed++) {
  const few = strokes({ size: labelled, seed });
  const more = await joined(few, await samplesLike(few, 5 * labelled, seed));
  // Both classifiers take as many steps, and see the real rows in shares of 1 and 1/6.
  const options = { steps, seed };
  alone.push(await accuracy(await trainClassifier(few, options), test));
  augmented.push(await accuracy(await trainClassifier(more, options), test));
  console.log(
    `seed ${seed}: ${alone.at(-1)!.toFixed(3)} without samples, ${augmented.at(-1)!.toFixed(3)} with`,
  );
}

const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
const deviation = (of: readonly number[]): number =>
  Math.sqrt(
    of.reduce((sum, value) => sum + (value - mean(of)) ** 2, 0) / Math.max(1, of.length - 1),
  );
const summary = (of: readonly number[]): string =>
  `${(100 * mean(of)).toFixed(1)} ± ${(100 * deviation(of)).toFixed(1)} %`;
const gains = augmented.map((value, i) => value - alone[i]!);
console.log(
  `\nAccuracy on ${test.size} test digits from ${labelled} labelled ones, mean ± standard deviation of ${seeds} seeds:`,
);
console.log(
  `  without samples ${summary(alone)}, with ${5 * labelled} samples ${summary(augmented)}`,
);
console.log(`  gain, seed by seed: ${summary(gains)}`);
