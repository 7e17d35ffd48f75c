export { capabilities, type Capabilities } from './capabilities.js';
export {
  describeBackends,
  type AvailableBackend,
  type BackendDescription,
  type UnavailableBackend,
} from './describe.js';
export {
  supportedBackends,
  unsupportedBackends,
  type BackendName,
  type SupportedBackend,
} from './names.js';
export {
  selectBackend,
  type Device,
  type SelectedBackend,
  type SelectOptions,
  type Tried,
} from './select.js';
