// This project in headless Chromium.
import { fileURLToPath } from 'node:url';
import { servePage } from '../../pages/pages.mjs';
import { serve } from './serve.mjs';

const served = await servePage(fileURLToPath(new URL('page.mjs', import.meta.url)));
const page = await served.open('bench');
await serve((model) => page.evaluate((name) => globalThis.elbo.measure(name), model));
await served.close();
