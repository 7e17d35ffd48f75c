// This project in Node: node elbo.mjs wasm|stock|cpu, where stock is the WebAssembly backend without @elbo/wasm.
import { selectBackend } from '@elbo/backends';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { builders } from './elbo_models.mjs';
import { measurer } from './measure.mjs';
import { serve } from './serve.mjs';

const [backend] = process.argv.slice(2);

if (backend === 'stock') {
  setThreadsCount(1);
  await setBackend('wasm');
} else await selectBackend({ backend });

await serve(measurer(builders));
