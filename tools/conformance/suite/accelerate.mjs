// Gives every backend that the tests make the kernels of @elbo/wasm: each suite of theirs has an engine of its own.
import { getBackend } from '@tensorflow/tfjs-core';
import { accelerate } from '@elbo/wasm';

globalThis.beforeEach(async () => {
  if (getBackend() === 'wasm') await accelerate();
});
