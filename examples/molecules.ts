// A variational autoencoder of molecules as strings: how many samples are valid, unique and new.
import { selectBackend } from '@elbo/backends';
import { standardNormal } from '@elbo/core';
import { decodeText, moleculeFault, molecules } from '@elbo/datasets';
import { sequenceDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { gru } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm, cosine } from '@elbo/optimisers';
import { key } from '@elbo/random';
import { train } from '@elbo/training';
import { vae } from '@elbo/vae';
import * as tf from '@tensorflow/tfjs-core';
import { numbers } from './lib/options.ts';

const { steps, count } = numbers({ steps: 1500, count: 1000 });
await selectBackend();

const data = molecules({ size: 20_000 });
const units = 128;
const latent = 16;
const model = vae({
  prior: standardNormal(latent),
  encoder: gaussianEncoder({ network: gru({ units }), latent }),
  decoder: sequenceDecoder({ shape: data.shape, units, wordDropout: 0.1 }),
  beta: 0.5,
});
const run = train(model, data, {
  steps,
  batchSize: 64,
  seed: 1,
  primal: chain(clipByGlobalNorm(5), adam(cosine({ from: 4e-3, steps, floor: 0.05 }))),
  every: Math.ceil(steps / 10),
});
for await (const { step, metrics, rate } of run)
  console.log(
    `step ${step}: reconstruction ${metrics.reconstruction?.toFixed(2)} nats, KL ${metrics.kl?.toFixed(2)}, ${rate.toFixed(0)} steps/s`,
  );
const { primal } = run.take().params;

const drawn = tf.tidy(() => {
  const z = model.prior.sample(key(2), count);
  const mode = { training: false, key: key(0) };
  return model.decoder.likelihood(primal.decoder, mode, z, undefined).sample(key(3));
});
const samples = decodeText(await drawn.data<'float32'>(), data);
const faults = samples.map((text) => moleculeFault(text));
const valid = samples.filter((_, i) => faults[i] === undefined);
const unique = new Set(valid);
const seen = new Set(Array.from({ length: data.size }, (_, row) => data.text(row)));
const novel = [...unique].filter((text) => !seen.has(text));

const percent = (part: number, of: number): string => `${((100 * part) / of).toFixed(1)} %`;
console.log(`\nOf ${count} samples, such as ${valid.slice(0, 6).join('  ')}`);
console.log(`  valid: ${percent(valid.length, count)}`);
console.log(`  of the valid, unique: ${percent(unique.size, valid.length)}`);
console.log(`  of the unique, not in the training set: ${percent(novel.length, unique.size)}`);

const reasons = new Map<string, number>();
for (const fault of faults)
  if (fault !== undefined) reasons.set(fault, (reasons.get(fault) ?? 0) + 1);
const common = [...reasons].sort(([, a], [, b]) => b - a).slice(0, 4);
console.log(`  faults: ${common.map(([fault, times]) => `${fault} (${times})`).join('; ')}`);
