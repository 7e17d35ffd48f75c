import { host } from '#host';
import { describe, type BackendDescription, type Where } from './shared/describe.js';
import type { SelectedBackend, SelectOptions } from './shared/options.js';
import { select } from './shared/select.js';

export { capabilities, type Capabilities } from './shared/capabilities.js';
export type {
  AvailableBackend,
  BackendDescription,
  UnavailableBackend,
} from './shared/describe.js';
export { heldTensors, type Held } from './shared/held_tensors.js';
export type { Kernels } from './shared/kernels.js';
export { backendNames, type Backend, type BackendName, type Device } from './shared/names.js';
export type { SelectedBackend, SelectOptions, Tried } from './shared/options.js';
export { preflight } from './shared/preflight.js';

/**
 * Chooses the TensorFlow.js backend that computes from here on.
 *
 * Each candidate is loaded, started, and tested on a matrix product and its gradients against known
 * values. `auto` takes the first that passes, and measures TensorFlow on the CPU against wasm; naming a backend gives that one or an error, never
 * another. When none passes, the backend that was current before stays current.
 *
 * @throws BackendError with every reason when no candidate works, when a name is unknown, or when a second copy of
 * tfjs-core is loaded.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 *
 * const { name, device, tried } = await selectBackend({ backend: 'wasm' });
 * console.log(name, device, tried.length); // wasm cpu 1
 * ```
 */
export function selectBackend(options: SelectOptions = {}): Promise<SelectedBackend> {
  return select(host, options);
}

/**
 * Describes every backend that has a name: whether it works here, what it needs, what it can do and how fast it is.
 *
 * It starts each one, which takes about a second; the current backend is the same afterwards.
 */
export function describeBackends(where: Where = {}): Promise<readonly BackendDescription[]> {
  return describe(host, where);
}
