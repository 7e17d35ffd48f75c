import { BackendError } from '@elbo/core';
import type { Loaded } from '../shared/candidate.js';
import { loadCpu } from '../shared/cpu.js';
import type { Host } from '../shared/host.js';
import { expectOneCore } from './one_core.js';
import { loadTensorFlow } from './tensorflow/load.js';
import { loadWasm } from './wasm.js';
import { loadWebgpu } from './webgpu.js';

const needsPage = (): Promise<Loaded> =>
  Promise.reject(new BackendError('it needs a page in a browser: use node, wasm or cpu'));

/** Node. */
export const host: Host = {
  // WebGPU in Node is for those who ask for it.
  automatic: ['node-gpu', 'node', 'wasm', 'cpu'],
  withGpu: ['node-gpu', 'node', 'webgpu'],
  loaders: {
    'node-gpu': (wanted) => loadTensorFlow('@tensorflow/tfjs-node-gpu', wanted),
    node: (wanted) => loadTensorFlow('@tensorflow/tfjs-node', wanted),
    webgpu: loadWebgpu,
    webgl: needsPage,
    wasm: loadWasm,
    cpu: loadCpu,
  },
  expectOneCore,
};
