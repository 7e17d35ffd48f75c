// Binarised MNIST: what a posterior, a bound and a discriminator are worth in log-likelihood.
//   npm run reproduce -- likelihood [--models vae,avb-anchored] [--latents 8,32] [--steps 8000] [--data-dir FOLDER] [--seeds 0] [--json]
import '@elbo/gradients';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { disposeTree } from '@elbo/core';
import { estimateOf } from '@elbo/evaluation';
import { key } from '@elbo/random';
import { fileStore } from '@elbo/files';
import { grid } from '@elbo/report';
import { root } from '../lib/workspace.mjs';
import { measured } from './likelihood/measured.mjs';
import { comparedBy, models, split } from './likelihood/models.mjs';
import { comparisons, markdown } from './likelihood/table.mjs';
import { binaryMnist } from './mnist/binary.mjs';
import { kept } from './mnist/kept.mjs';

export const summary = 'VAE, IWAE, flow and AVB on binarised MNIST: ELBO and log p(x), paired';

const shown = 60;

/** A grid of samples, kept in docs/reproductions/; the row of a table that shows it. */
async function samplesOf(name, model, params) {
  const made = model.sample(params.primal, key(2), shown);
  const options = { count: shown, shape: made.shape.slice(1), columns: 20, scale: 1 };
  const picture = grid(await made.data(), options);
  made.dispose();
  const folder = join(root, 'docs', 'reproductions');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `likelihood-${name}.png`), picture);
  return `| ![${shown} samples of ${name}](reproductions/likelihood-${name}.png) | ${name} |`;
}

/** A result with means and their errors in the place of every row's figure. */
function summarised(value) {
  if (Array.isArray(value) && value.length >= 100) return estimateOf(value);
  if (Array.isArray(value)) return value.map(summarised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, summarised(of)]));
}

export async function run({ seeds = [0], out, log, argv, signal }) {
  const { values } = parseArgs({
    args: argv,
    options: {
      models: { type: 'string', default: Object.keys(models).join(',') },
      latents: { type: 'string', default: '8,32' },
      steps: { type: 'string', default: '8000' },
      'data-dir': { type: 'string' },
    },
  });
  await selectBackend({ backend: 'wasm' });
  const { train, held } = await binaryMnist(values['data-dir']);
  const steps = Number(values.steps);
  const [seed] = seeds;
  const byLatent = [];
  const pictures = ['| samples | |', '| --- | --- |'];
  for (const latent of values.latents.split(',').map(Number)) {
    const results = [];
    for (const name of values.models.split(',')) {
      const title = `${name}-${latent}`;
      const setting = models[name](latent, { train, steps, seed });
      const { model } = setting;
      const how = { seed, out, log, signal };
      const { params, coreSeconds, folder } = await kept(title, setting, how);
      try {
        const found = await measured(model, params, held, {
          store: fileStore(`${folder}-measured`),
          gaps: split.includes(name),
          comparedBy: comparedBy(name, latent),
          log: (what) => log(`${title}, seed ${seed}: ${what}`),
          signal,
        });
        results.push({ name, seed, steps: setting.training.steps, coreSeconds, ...found });
        pictures.push(await samplesOf(title, model, params));
      } finally {
        disposeTree(params.primal);
        disposeTree(params.dual);
      }
    }
    byLatent.push({ latent, results });
  }
  const checked = byLatent.flatMap(({ latent, results }) =>
    comparisons(results).map((comparison) => ({ latent, ...comparison })),
  );
  for (const { latent, what, mean, error, required, holds } of checked)
    log(`${latent}: ${what} ${mean.toFixed(3)} ± ${error.toFixed(3)} ${required}: ${holds}`);
  if (checked.some(({ holds }) => !holds)) process.exitCode = 1;
  const json = { byLatent: summarised(byLatent), checked };
  return { markdown: markdown({ byLatent, pictures, steps }), json };
}
