import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratch } from '../../lib/workspace.mjs';
import { hasChromium } from '@elbo/testing/pages';
import { jax, torch } from './python.mjs';
import { bundleStock } from './stock_bundle.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const wasmFiles = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`;
const elbo = (...flags) => [process.execPath, here('elbo.mjs'), ...flags];

/** The programs that can be had here: a name, and how each is started. */
export const everyone = async () => ({
  elbo: elbo('wasm'),
  'elbo, 2 workers': elbo('wasm', '--workers', '2'),
  ...(hasChromium && { 'elbo, Chromium': [process.execPath, here('chromium.mjs'), 'wasm'] }),
  'elbo, stock kernels': elbo('stock'),
  'elbo, cpu backend': elbo('cpu'),
  'TensorFlow.js wasm': [process.execPath, await bundleStock(join(scratch, 'bench')), wasmFiles],
  'jax-js wasm': [process.execPath, here('jaxjs.mjs')],
  ...torch(),
  ...jax(),
});

/** This project on every backend that may be here; those that are not say so when they are asked. */
export const everyBackend = () => ({
  ...Object.fromEntries(['wasm', 'cpu', 'node'].map((backend) => [backend, elbo(backend)])),
  'node, operation by operation': elbo('node', '--operations'),
  'node, all cores': elbo('node', '--all-cores'),
  ...Object.fromEntries(['node-gpu', 'webgpu'].map((backend) => [backend, elbo(backend)])),
  ...(hasChromium &&
    Object.fromEntries(
      ['wasm', 'webgl', 'webgpu'].map((backend) => [
        `${backend}, Chromium`,
        [process.execPath, here('chromium.mjs'), backend],
      ]),
    )),
  ...torch({ allCores: true }),
  ...jax(),
});
