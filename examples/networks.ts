// Dense, convolutional and residual networks of a VAE: which has the better ELBO of held-out images after the same time of a core?
import { selectBackend } from '@elbo/backends';
import { binarise, describeSets, heldOut, strokes, subset, type Dataset } from '@elbo/datasets';
import { loadDataset } from '@elbo/datasets/node';
import { adam } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { train } from '@elbo/training';
import { vaeRecipe } from '@elbo/vae';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOfPackage } from './lib/npm_data.ts';
import { numbers } from './lib/options.ts';
import { firstRows } from './lib/rows.ts';
import { said } from './lib/seeds.ts';

const { seconds, seeds, rows, first } = numbers({ seconds: 120, seeds: 1, rows: 1000, first: 3 });
// Seconds of a core are what is equal.
await selectBackend({ backend: 'wasm', threads: 1 });

/** Emoji of Google's Noto (images Apache-2.0) in colour. */
async function emoji(): Promise<Dataset> {
  const list = await fileOfPackage('emoji-datasource-google', '16.0.0', 'emoji.json');
  const folder = join(list, '..', 'img', 'google', '64');
  console.log(`${(await readdir(folder)).length} emoji`);
  return loadDataset(folder, { reading: { size: [64, 64] } });
}

const sets: Readonly<Record<string, () => Dataset | Promise<Dataset>>> = {
  'strokes, bits, 28×28': () => binarise(strokes({ size: 20_000 }), 'dynamic'),
  'mnist, bits, 28×28': async () => binarise(await loadDataset('mnist'), 'dynamic'),
  'emoji, colours, 64×64': emoji,
};

/** Draws of z for each held-out row. */
const draws = 5;

/** Seconds of a core since the process began. */
const core = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

for (const [name, load] of Object.entries(sets).slice(0, first)) {
  const data = await Promise.resolve()
    .then(load)
    .catch((error: unknown) => console.log(`${name} is left out: ${String(error)}`));
  if (!data) continue;
  const { train: some, validation } = heldOut(data, { validation: 0.1 });
  const count = Math.min(rows, validation.size);
  const traits = await describeSets({ train: some, validation, test: validation });
  const latent = data.shape[2] === 3 ? 64 : 16;
  for (const network of ['mlp', 'conv', 'residual'] as const) {
    const found: number[] = [];
    let steps = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const options = { network, latent };
      const { model } = vaeRecipe.build(traits, options, { steps: 1, batchSize: 64 });
      const run = train(model, some, {
        ...{ steps: 1_000_000, batchSize: 64, seed, ema: 0.999, every: 20 },
        primal: adam(1e-3),
      });
      const end = core() + seconds;
      for await (const { step } of run) {
        steps = step;
        if (core() >= end) break;
      }
      const { ema, params } = run.state;
      let sum = 0;
      for (let begin = 0; begin < count; begin += 100) {
        const block = Array.from({ length: Math.min(100, count - begin) }, (_, i) => begin + i);
        const held = await firstRows(subset(validation, block), block.length);
        for (let draw = 0; draw < draws; draw++) {
          const noise = fold(fold(key(seed), begin), draw);
          const score = model.score({ ...params, primal: ema! }, held, noise);
          for (const value of await score.data<'float32'>()) sum += value / draws;
          score.dispose();
        }
        held.x.dispose();
      }
      found.push(-sum / count);
      run.dispose();
      console.log(
        `  ${name}, ${network}, seed ${seed}: ${steps} steps, ELBO ${found.at(-1)!.toFixed(2)} nats`,
      );
    }
    const each = (1000 * seconds) / steps;
    console.log(
      `${name.padEnd(22)} ${network.padEnd(8)} ELBO ${said(found, 2)} nats, ${steps} steps of ${each.toFixed(0)} ms`,
    );
  }
}
