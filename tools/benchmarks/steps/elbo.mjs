// This project in Node: node elbo.mjs wasm|stock|cpu [WORKERS], where stock is the WebAssembly backend without @elbo/wasm.
import { selectBackend } from '@elbo/backends';
import { startWorkers } from '@elbo/parallel';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { buildersFor } from './elbo_models.mjs';
import { measurer } from './measure.mjs';
import { serve } from './serve.mjs';

const [backend, workers] = process.argv.slice(2);

if (backend === 'stock') {
  setThreadsCount(1);
  await setBackend('wasm');
} else await selectBackend({ backend });

const plugins = ['@elbo/vae', '@elbo/avb', './data.mjs'].map((name) => import.meta.resolve(name));

async function share(model, data) {
  const { gradients } = await startWorkers(model, data, { workers: Number(workers), plugins });
  return { gradients };
}

await serve(
  measurer(buildersFor({ ...(workers && { share }), ...(backend === 'cpu' && { every: 1 }) })),
);
