// Conditional generation: digits of the class that is asked for, and how often a classifier sees that class in them.
import { selectBackend } from '@elbo/backends';
import { standardNormal } from '@elbo/core';
import { binarise, conditionOnLabel, strokes } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { adam, cosine } from '@elbo/optimisers';
import { key } from '@elbo/random';
import { grid } from '@elbo/report';
import { train } from '@elbo/training';
import { vae } from '@elbo/vae';
import * as tf from '@tensorflow/tfjs-core';
import { writeFile } from 'node:fs/promises';
import { accuracy, trainClassifier } from './lib/classifier.ts';
import { numbers } from './lib/options.ts';

const { steps, each } = numbers({ steps: 5000, each: 100 });
await selectBackend();

const classes = 10;
const digits = strokes({ size: 10_000 });
const model = vae({
  prior: standardNormal(8),
  encoder: gaussianEncoder({ network: mlp({ hidden: [256, 256] }), latent: 8 }),
  decoder: bernoulliDecoder({ network: mlp({ hidden: [256, 256] }), shape: digits.shape }),
});
// The label goes to the encoder and to the decoder, so that z need not hold it.
const run = train(model, conditionOnLabel(binarise(digits, 'dynamic')), {
  steps,
  batchSize: 64,
  seed: 1,
  primal: adam(cosine({ from: 2e-3, steps, floor: 0.05 })),
  every: Math.ceil(steps / 5),
});
for await (const { step, metrics } of run)
  console.log(`step ${step}: ELBO ${metrics.elbo?.toFixed(2)} nats`);
const { primal } = run.take().params;

/** Samples of each class in turn, `count` of each. */
function samples(
  count: number,
  seed: number,
): { readonly asked: Int32Array; readonly images: tf.Tensor } {
  const asked = Int32Array.from({ length: classes * count }, (_, i) => Math.floor(i / count));
  const images = tf.tidy(() => {
    const condition = tf.cast(
      tf.oneHot(tf.tensor1d(asked, 'int32'), classes),
      'float32',
    ) as tf.Tensor2D;
    return model.sample(primal, key(seed), asked.length, condition);
  });
  return { asked, images };
}

const shown = samples(12, 2);
const picture = grid(await shown.images.data<'float32'>(), {
  count: 12 * classes,
  shape: digits.shape,
  columns: 12,
  scale: 2,
});
await writeFile('conditional.png', picture);
console.log('\nconditional.png: a row of samples for each class asked for.');

// The judge learns from real digits alone.
const judge = await trainClassifier(digits, { steps, seed: 3 });
const { asked, images } = samples(each, 4);
const seen = await judge(images);
const agreement = Array.from({ length: classes }, (_, digit) => {
  const right = seen.filter((value, i) => asked[i] === digit && value === digit).length;
  return right / each;
});
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const held = strokes({ size: 2000, split: 'test' });
console.log(`The judge is right on ${percent(await accuracy(judge, held))} of held-out digits.`);
console.log(
  `It sees the class that was asked for in ${percent(agreement.reduce((a, b) => a + b) / classes)} of the samples:`,
);
console.log(agreement.map((share, digit) => `  ${digit}: ${percent(share)}`).join('\n'));
