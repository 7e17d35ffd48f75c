export { capabilities, type Capabilities } from './capabilities.js';
export {
  describeBackends,
  type AvailableBackend,
  type BackendDescription,
  type UnavailableBackend,
} from './describe.js';
export { heldTensors, type Held } from './held.js';
export { backendNames, type Backend, type BackendName, type Device } from './names.js';
export { selectBackend, type SelectedBackend, type SelectOptions, type Tried } from './select.js';
export { type Kernels } from './kernels.js';
export { preflight } from './preflight.js';
