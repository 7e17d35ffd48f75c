// The entry of a page that `browser.test.ts` bundles and opens.
import { selectBackend } from '@elbo/backends';
import { elbos } from './run.js';

Object.assign(globalThis, {
  elbo: {
    elbos: async () => {
      const { acceleration } = await selectBackend({ backend: 'wasm', wasmPaths: 'wasm/' });
      return { acceleration, values: await elbos() };
    },
  },
});
