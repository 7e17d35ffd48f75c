// A program whose worker takes more memory than a thread may have.
import { selectBackend } from '@elbo/backends';
import { fourPixels } from '@elbo/datasets';
import { startWorkers } from '@elbo/parallel';
import { vaeRecipe } from '@elbo/vae';
import console from 'node:console';

await selectBackend({ backend: 'cpu' });
const data = fourPixels();
const run = { steps: 1, batchSize: 4 };
const traits = { shape: data.shape, unit: true };
const { model } = vaeRecipe.build(traits, { latent: 2, hidden: [4] }, run);
const greedy = 'const held = []; for (;;) held.push(new Array(1e5).fill(0.5 + held.length));';
const plugins = [`data:text/javascript,${encodeURIComponent(greedy)}`];
const caught = await startWorkers(model, data, { workers: 2, plugins }).catch((error) => error);
console.log(String(caught));
