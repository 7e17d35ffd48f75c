import type { Backend } from './names.js';

/** What each backend needs to work. */
export const needs: Readonly<Record<Backend, string>> = {
  'node-gpu': 'Node, @tensorflow/tfjs-node-gpu, an NVIDIA GPU with CUDA and cuDNN',
  node: 'Node and @tensorflow/tfjs-node; on a GPU where its TensorFlow has CUDA',
  webgpu:
    '@tensorflow/tfjs-backend-webgpu, and a browser with WebGPU or the package webgpu in Node',
  webgl: 'a page in a browser, and @tensorflow/tfjs-backend-webgl',
  wasm: 'nothing',
  cpu: 'nothing',
};
