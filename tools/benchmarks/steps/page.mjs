// This project in a page, which chromium.mjs opens.
import { selectBackend } from '@elbo/backends';
import { buildersFor } from './elbo_models.mjs';
import { measurer } from './measure.mjs';

const measure = measurer(buildersFor());
let selected;

globalThis.elbo = {
  measure: async (model) => {
    selected ??= selectBackend({ backend: 'wasm', wasmPaths: 'wasm/' });
    await selected;
    return measure(model);
  },
};
