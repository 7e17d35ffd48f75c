// This project in Node: node elbo.mjs BACKEND [--workers N] [--all-cores] [--operations]; the backend `stock` is WebAssembly
// without @elbo/wasm. Backends have one thread, or all cores; TensorFlow's steps are programs, or operation after operation.
// ELBO_BACKENDS names a folder that has the packages of optional backends.
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { startWorkers } from '@elbo/parallel';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { buildersFor } from './elbo_models.mjs';
import { isSlow, measurer } from './measure.mjs';
import { serve } from './serve.mjs';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: 'string' },
    'all-cores': { type: 'boolean', default: false },
    operations: { type: 'boolean', default: false },
  },
});
const { workers } = flags;
const [backend] = positionals;
let device = 'cpu';
let refused;

if (backend === 'stock') {
  setThreadsCount(1);
  await setBackend('wasm');
} else await select();

async function select() {
  const resolveFrom = process.env.ELBO_BACKENDS;
  const threads = flags['all-cores'] ? undefined : 1;
  const programs = !flags.operations;
  try {
    ({ device } = await selectBackend({
      backend,
      threads,
      programs,
      ...(resolveFrom && { resolveFrom }),
    }));
  } catch (error) {
    refused = { reason: error.message };
  }
}

const plugins = ['@elbo/vae', '@elbo/avb', './data.mjs'].map((name) => import.meta.resolve(name));

async function share(model, data) {
  const { gradients } = await startWorkers(model, data, { workers: Number(workers), plugins });
  return { gradients };
}

const measure = measurer(
  buildersFor({ ...(workers && { share }), ...(isSlow(backend, device) && { every: 1 }) }),
);
await serve(async (model) => refused ?? { ...(await measure(model)), device });
process.exit();
