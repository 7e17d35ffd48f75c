// Selecting a backend in a page whose bundle has it where it is installed.
import { selectBackend } from '@elbo/backends';

// What is not installed is left out of the bundle.
const packages = {
  webgl: () => import('@tensorflow/tfjs-backend-webgl').catch(() => undefined),
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu').catch(() => undefined),
};

/** Loads a backend's package and makes it the one that computes; what `selectBackend` says of it. */
export async function load(backend) {
  await packages[backend]?.();
  return selectBackend({ backend, wasmPaths: 'wasm/' });
}
