// One backend in a page, which parity.mjs opens.
import { load } from '@elbo/testing/pages/backends';
import { tenSteps } from './models.mjs';

globalThis.elbo = {
  select: async (backend) => {
    try {
      const { versions, device } = await load(backend);
      return { versions, device };
    } catch (error) {
      return { absent: String(error) };
    }
  },
  train: ({ name, checkpoint }) =>
    tenSteps(name, checkpoint && Uint8Array.from(checkpoint)).catch((error) => ({
      failed: String(error),
    })),
};
