import { BackendError } from '@elbo/core';
import type { Loaded } from '../shared/candidate.js';
import { loadCpu } from '../shared/cpu.js';
import type { Host } from '../shared/host.js';
import { loadWasm } from './wasm.js';
import { loadWebgl } from './webgl.js';
import { loadWebgpu } from './webgpu.js';

const needsNode = (): Promise<Loaded> =>
  Promise.reject(new BackendError('it needs Node: in a page use webgpu, webgl, wasm or cpu'));

/** A page in a browser, or a worker of one. */
export const host: Host = {
  automatic: ['webgpu', 'webgl', 'wasm', 'cpu'],
  withGpu: ['webgpu', 'webgl'],
  loaders: {
    'node-gpu': needsNode,
    node: needsNode,
    webgpu: loadWebgpu,
    webgl: loadWebgl,
    wasm: loadWasm,
    cpu: loadCpu,
  },
  // A bundle does not tell what is in it.
  expectOneCore: () => undefined,
};
