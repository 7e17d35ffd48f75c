// This project in headless Chromium: node chromium.mjs wasm|webgl|webgpu. ELBO_BACKENDS names a folder that has the
// packages of the last two.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { servePage } from '@elbo/testing/pages';
import { serve } from './serve.mjs';

const [backend] = process.argv.slice(2);
const folder = process.env.ELBO_BACKENDS;

const served = await servePage(fileURLToPath(new URL('page.mjs', import.meta.url)), {
  modules: folder ? [join(folder, 'node_modules')] : [],
  flags: ['--enable-unsafe-webgpu'],
});
const page = await served.open('bench');
await serve((model) =>
  page.evaluate((wanted) => globalThis.elbo.measure(wanted), { model, backend }),
);
await served.close();
