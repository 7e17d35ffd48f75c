// One backend in a page, which parity.mjs opens.
import { selectBackend } from '@elbo/backends';
import { tenSteps } from './models.mjs';

// What is not installed is left out of the bundle.
const load = {
  webgl: () => import('@tensorflow/tfjs-backend-webgl').catch(() => undefined),
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu').catch(() => undefined),
};

globalThis.elbo = {
  select: async (backend) => {
    await load[backend]();
    try {
      const { versions, device } = await selectBackend({ backend });
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
