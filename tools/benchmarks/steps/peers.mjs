import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { scratch } from '../../lib/workspace.mjs';
import { hasChromium } from '../../pages/pages.mjs';
import { bundleStock } from './stock_bundle.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const wasmFiles = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`;
const python = process.env.ELBO_PYTHON ?? 'python3';

const hasModule = (module) =>
  spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;

const elbo = (...flags) => [process.execPath, here('elbo.mjs'), ...flags];

/** Other frameworks that can be had here, on one thread. */
const others = () => ({
  ...(hasModule('torch') && { 'PyTorch, 1 thread': [python, here('torch_steps.py')] }),
  ...(hasModule('jax') && { 'JAX jit, 1 thread': [python, here('jax_steps.py')] }),
});

/** The programs that can be had here: a name, and how each is started. */
export const everyone = async () => ({
  elbo: elbo('wasm'),
  'elbo, 2 workers': elbo('wasm', '2'),
  ...(hasChromium && { 'elbo, Chromium': [process.execPath, here('chromium.mjs'), 'wasm'] }),
  'elbo, stock kernels': elbo('stock'),
  'elbo, cpu backend': elbo('cpu'),
  'TensorFlow.js wasm': [process.execPath, await bundleStock(join(scratch, 'bench')), wasmFiles],
  'jax-js wasm': [process.execPath, here('jaxjs.mjs')],
  ...others(),
});

/** This project on every backend that may be here; those that are not say so when they are asked. */
export const everyBackend = () => ({
  ...Object.fromEntries(
    ['wasm', 'cpu', 'node', 'node-gpu', 'webgpu'].map((backend) => [backend, elbo(backend)]),
  ),
  ...(hasChromium &&
    Object.fromEntries(
      ['wasm', 'webgl', 'webgpu'].map((backend) => [
        `${backend}, Chromium`,
        [process.execPath, here('chromium.mjs'), backend],
      ]),
    )),
  ...others(),
  ...(hasModule('torch') && {
    'PyTorch compiled, 1 thread': [python, here('torch_steps.py'), 'compiled'],
  }),
});

/** Starts programs; each answers a line with a model's name by a line with milliseconds a step, or with a reason. */
export const startPeers = (programs) =>
  Object.entries(programs).map(([name, command]) => startPeer(name, command));

function startPeer(name, [command, ...args]) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => [JSON.stringify({ reason: 'it ended' })]);
  child.stdin.on('error', () => undefined);
  return {
    name,
    time: async (model) => {
      child.stdin.write(`${JSON.stringify({ model })}\n`);
      const [line] = await Promise.race([once(lines, 'line'), ended]);
      return JSON.parse(line);
    },
    stop: () => child.stdin.end(),
  };
}
