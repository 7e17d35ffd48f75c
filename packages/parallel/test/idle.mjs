// A program that starts workers, takes a step with them, and forgets them.
import { selectBackend } from '@elbo/backends';
import { fourPixels } from '@elbo/datasets';
import { startWorkers } from '@elbo/parallel';
import { adam, train, vaeRecipe } from '@elbo/vae';
import console from 'node:console';

await selectBackend({ backend: 'wasm' });
const data = fourPixels();
const options = { latent: 2, hidden: [4] };
const run = { steps: 1, batchSize: 4 };
const { model } = vaeRecipe.build({ shape: data.shape, unit: true }, options, run);
const { gradients } = await startWorkers(model, data, { workers: 2, plugins: ['@elbo/vae'] });
const session = train(model, data, { ...run, seed: 1, primal: adam(1e-3), every: 1, gradients });
for await (const { step } of session) console.log(String(step));
