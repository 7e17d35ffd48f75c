// This project in a page, which chromium.mjs opens.
import { load } from '@elbo/testing/pages/backends';
import { buildersFor } from './elbo_models.mjs';
import { isSlow, measurer } from './measure.mjs';

let started;

async function start(backend) {
  const { device } = await load(backend);
  const measure = measurer(buildersFor(isSlow(backend, device) ? { every: 1 } : {}));
  return async (model) => ({ ...(await measure(model)), device });
}

globalThis.elbo = {
  measure: async ({ model, backend }) => {
    try {
      started ??= start(backend);
      const measure = await started;
      return await measure(model);
    } catch (error) {
      return { reason: String(error) };
    }
  },
};
