import { BackendError } from '@elbo/core';
import { compose } from './compositions.js';
import { current } from './engine.js';
import { recordKernels, type Kernels } from './kernels.js';
import { withDeviceErrors } from './webgpu_device.js';

/**
 * Runs a computation once on the current backend, such as one step of training, before it is run for long: a kernel that
 * the backend lacks is composed of others where that is possible.
 *
 * @throws BackendError that names the kernels which neither the backend has nor can be composed, or says what a WebGPU
 *   device refuses.
 */
export async function preflight(run: () => Promise<void>): Promise<Kernels> {
  const backend = current();
  if (backend === undefined)
    throw new BackendError('No backend is selected: await selectBackend() first.');
  const kernels = await recordKernels(() => withDeviceErrors(run));
  const lacking = kernels.missing.filter((name) => !compose(name, backend));
  if (lacking.length > 0)
    throw new BackendError(
      `The backend '${backend}' has no kernel for ${lacking.join(', ')}, which this model needs: ` +
        'choose another layer or operation, or a backend that has them (wasm and cpu have all).',
    );
  return kernels;
}
