/** What can compute: a TensorFlow.js backend, on the device that it is known for. */
export type Backend = 'node-gpu' | 'node' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** A backend by name; `auto` takes the fastest for training that works here. */
export type BackendName = 'auto' | Backend;

/** Where a backend computes. */
export type Device = 'cpu' | 'gpu';

/** Every backend that has a name. */
export const backendNames: readonly Backend[] = [
  'node-gpu',
  'node',
  'webgpu',
  'webgl',
  'wasm',
  'cpu',
];
