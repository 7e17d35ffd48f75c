// A variational autoencoder of words: samples, reconstructions, and the words between two words.
import { selectBackend } from '@elbo/backends';
import { standardNormal } from '@elbo/core';
import { decodeText, encodeText, languagesOf, words } from '@elbo/datasets';
import { sequenceDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { gru } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm } from '@elbo/optimisers';
import { key } from '@elbo/random';
import { toBatch, train } from '@elbo/training';
import { vae } from '@elbo/vae';
import * as tf from '@tensorflow/tfjs-core';
import { numbers } from './lib/options.ts';
import { firstRows } from './lib/rows.ts';

const { steps, count } = numbers({ steps: 2000, count: 1000 });
await selectBackend();

const data = words({ size: 20_000 });
const held = words({ size: 1000, split: 'test' });

// A GRU can tell most of a word from its beginning, and may leave z alone. Two things make it say more: hiding
// half of the letters in training, and a weight below 1 on the KL.
const units = 96;
const latent = 16;
const model = vae({
  prior: standardNormal(latent),
  encoder: gaussianEncoder({ network: gru({ units }), latent }),
  decoder: sequenceDecoder({ shape: data.shape, units, wordDropout: 0.5 }),
  beta: 0.2,
});
const run = train(model, data, {
  steps,
  batchSize: 64,
  seed: 1,
  primal: chain(clipByGlobalNorm(5), adam(3e-3)),
  every: Math.ceil(steps / 10),
});
for await (const { step, metrics, rate } of run)
  console.log(
    `step ${step}: reconstruction ${metrics.reconstruction?.toFixed(2)} nats, KL ${metrics.kl?.toFixed(2)}, ${rate.toFixed(0)} steps/s`,
  );
const { primal } = run.take().params;
const seen = new Set(Array.from({ length: data.size }, (_, row) => data.text(row)));
const percent = (part: number, of: number): string => `${((100 * part) / of).toFixed(1)} %`;

// Draws of z from the prior, then of each letter given those before it.
const drawn = tf.tidy(() => {
  const z = model.prior.sample(key(2), count);
  const mode = { training: false, key: key(0) };
  return model.decoder.likelihood(primal.decoder, mode, z, undefined).sample(key(3));
});
const samples = decodeText(await drawn.data<'float32'>(), data);
const made = samples.filter((word) => languagesOf(word).length > 0);
console.log(`\nSamples: ${samples.slice(0, 12).join(', ')}`);
console.log(`  that one of the three languages can make: ${percent(made.length, count)}`);
console.log(
  `  of those, not in the training set: ${percent(made.filter((word) => !seen.has(word)).length, made.length)}`,
);

// Held-out words through one draw of q(z|x) and greedy decoding.
const rows = Math.min(count, held.size);
const rebuilt = model.reconstruct(primal, await firstRows(held, rows), key(4));
const again = decodeText(await rebuilt.data<'float32'>(), data);
let exact = 0;
let letters = 0;
let total = 0;
again.forEach((word, row) => {
  const truth = held.text(row);
  if (word === truth) exact++;
  total += truth.length;
  letters += Array.from(truth).filter((letter, i) => word[i] === letter).length;
});
console.log(
  `\nReconstruction of held-out words: ${held.text(0)} → ${again[0]}, ${held.text(1)} → ${again[1]}`,
);
console.log(`  letters right: ${percent(letters, total)}, whole words: ${percent(exact, rows)}`);

// The straight line in z from one word to another.
const [from, to] = [held.text(0), held.text(4)].map((word) =>
  toBatch({ x: encodeText([word], data) }, data.shape, word),
);
const between = model.interpolate(primal, from!, to!, key(5), 8);
console.log(
  `\nFrom ${held.text(0)} to ${held.text(4)}: ${decodeText(await between.data<'float32'>(), data).join(', ')}`,
);
