// Binarised MNIST: what a posterior, a bound and a discriminator are worth in log-likelihood.
//   npm run reproduce -- likelihood [--models vae,avb-anchored] [--latents 8,32] [--steps 8000] [--data-dir FOLDER]
import '@elbo/gradients';
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { disposeTree } from '@elbo/core';
import { models } from './likelihood/models.mjs';
import { binaryMnist } from './mnist/binary.mjs';
import { kept } from './mnist/kept.mjs';

export const summary = 'VAE, IWAE, flow and AVB on binarised MNIST: ELBO and log p(x), paired';

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
  const { train } = await binaryMnist(values['data-dir']);
  const steps = Number(values.steps);
  for (const latent of values.latents.split(',').map(Number))
    for (const name of values.models.split(','))
      for (const seed of seeds) {
        const setting = models[name](latent, { train, steps, seed });
        const { params, coreSeconds } = await kept(`${name}-${latent}`, setting, {
          seed,
          out,
          log,
          signal,
        });
        log(`${name}-${latent}: ${coreSeconds}`);
        disposeTree(params.primal);
        disposeTree(params.dual);
      }
  return { markdown: '', json: {} };
}
