import { execFileSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { selectBackend } from '../src/index.js';
import {
  buildBindingWithoutLibrary,
  installTensorFlow,
  project,
  shareCore,
  type Project,
} from './project.js';

const hasCompiler = (() => {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
})();
if (!hasCompiler) console.warn('No C compiler on Linux: a missing library is NOT tested.');

let broken: Project;
beforeEach(() => {
  broken = project();
});
afterEach(() => {
  broken.remove();
});

const state = () => ({
  current: tf.engine().backendName,
  running: Object.keys(tf.engine().registry),
  registered: Object.keys(tf.engine().registryFactory),
  matMulRule: tf.getGradient('BatchMatMul'),
  tensorFlowKernels: tf.getKernelsForBackend('tensorflow').length,
});

/** What is said of a backend that cannot be had, which must leave everything as it was. */
async function refusal(backend = 'node'): Promise<string> {
  const before = state();
  const refused = await selectBackend({ backend, resolveFrom: broken.folder }).then(
    ({ name }) => `${name} was selected`,
    (error: unknown) => (error as Error).message,
  );
  expect(state()).toEqual(before);
  return refused;
}

test('a package that is not installed: the command that installs it', async () => {
  expect(await refusal()).toMatch(
    /'node' cannot be used: @tensorflow\/tfjs-node is not installed: npm install --ignore-scripts @tensorflow\/tfjs-node@4\.22\.0, then elbo build-native/,
  );
});

test('an install script that did not run: its binding is not there, and the command that builds it', async () => {
  const binding = installTensorFlow(broken, '');
  const said = await refusal();
  expect(said).toContain(`${broken.folder}/${binding} is not there`);
  expect(said).toMatch(/elbo build-native --tensorflow/);
});

test.skipIf(!hasCompiler)('a library that is missing is named', async () => {
  shareCore(broken);
  const binding = installTensorFlow(broken, "require('./lib/napi-v8/tfjs_binding.node');");
  buildBindingWithoutLibrary(broken, binding);
  expect(await refusal()).toMatch(/libtensorflow_cc\.so\.2 is missing, .*elbo build-native/);
});

test('two copies of tfjs-core: both are named, and how to have one', async () => {
  broken.write(installTensorFlow(broken, ''), '');
  broken.write(
    'node_modules/@tensorflow/tfjs-core/package.json',
    '{"version":"4.21.0","main":"m.js"}',
  );
  const theirs = broken.write('node_modules/@tensorflow/tfjs-core/m.js', '');
  const said = await refusal();
  expect(said).toContain(`another copy of @tensorflow/tfjs-core (${theirs})`);
  expect(said).toMatch(
    /than Elbo \(.*tf-core\.node\.js\): install both in one project.*npm dedupe/,
  );
});

test('a TensorFlow that crashes as it starts crashes elsewhere, and says so', async () => {
  shareCore(broken);
  broken.write(installTensorFlow(broken, 'process.abort();'), '');
  expect(await refusal()).toMatch(/TensorFlow crashed as it started.*SIGABRT.*use wasm/);
});

test('a GPU package without its libraries is refused, and they are named', async () => {
  shareCore(broken);
  const main = `
    console.error("W0000 Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file");
    exports.ones = () => undefined;
    exports.matMul = () => ({ data: async () => [3, 3, 3, 3] });
    exports.backend = () => ({ isUsingGpuDevice: false, binding: { TF_Version: '2.9.1' } });`;
  broken.write(installTensorFlow(broken, main, 'tfjs-node-gpu'), '');
  expect(await refusal('node-gpu')).toMatch(
    /computes on the CPU, because libcudart\.so\.11\.0 cannot be loaded: .*tensorflow\[and-cuda\]/,
  );
});

// What tfjs-node does at its first operation; Node has not had this function since version 23.
const firstOperation = `
  const util = require('node:util');
  exports.ones = () => { if (!util.isNullOrUndefined(null)) throw new Error('null is null'); };
  exports.matMul = () => { throw new Error('the first operation ran'); };`;

test.each([
  ['', /the first operation ran/],
  ['Object.freeze(util);', /no util\.isNullOrUndefined, and something froze node:util/],
])('on Node 23 and later the removed function is there%s', async (then, said) => {
  shareCore(broken);
  broken.write(installTensorFlow(broken, firstOperation), '');
  const later = broken.write(
    'later.cjs',
    `const util = require('node:util'); delete util.isNullOrUndefined; delete util.isArray; ${then}`,
  );
  const before = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = `--require ${later}`;
  try {
    expect(await refusal()).toMatch(said);
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  }
});

/** Installs WebGPU for Node as far as it is asked before the backend loads, with no adapter. */
function installWebgpu(core: 'shared' | 'its own'): void {
  broken.write('node_modules/webgpu/package.json', '{"version":"0.6.2","type":"module"}');
  const main =
    'export const globals = {}; export const create = () => ({ requestAdapter: async () => null });';
  broken.write('node_modules/webgpu/index.js', main);
  const backend = 'node_modules/@tensorflow/tfjs-backend-webgpu';
  broken.write(`${backend}/package.json`, '{"version":"4.22.0","main":"m.js"}');
  broken.write(`${backend}/m.js`, `throw new Error('loaded without an adapter');`);
  if (core === 'shared') {
    shareCore(broken);
    return;
  }
  broken.write('node_modules/@tensorflow/tfjs-core/package.json', '{"main":"m.js"}');
  broken.write('node_modules/@tensorflow/tfjs-core/m.js', '');
}

test('WebGPU without an adapter: what a machine needs for one, and Node keeps the globals that it had', async () => {
  installWebgpu('shared');
  const globals = Object.getOwnPropertyNames(globalThis);
  expect(await refusal('webgpu')).toMatch(
    /'webgpu' cannot be used: there is no WebGPU adapter: it needs a Vulkan loader \(libvulkan\.so\.1\) and a Vulkan driver/,
  );
  expect(Object.getOwnPropertyNames(globalThis)).toEqual(globals);
});

test('WebGPU with another copy of tfjs-core: how to have one', async () => {
  installWebgpu('its own');
  expect(await refusal('webgpu')).toMatch(/another copy of @tensorflow\/tfjs-core.*npm dedupe/);
});

test('what wants a GPU never gets a CPU, and auto says what it passed over', async () => {
  await expect(selectBackend({ backend: 'wasm', device: 'gpu' })).rejects.toThrow(
    /'wasm' computes on the CPU, but device 'gpu' was requested/,
  );
  const { folder: resolveFrom } = broken;
  await expect(selectBackend({ device: 'gpu', resolveFrom })).rejects.toThrow(
    /'node-gpu' cannot be used: .*\n.*'node' cannot be used: .*\n.*'webgpu' cannot be used: webgpu and /,
  );
  const { name, tried } = await selectBackend({ resolveFrom });
  expect(name).toBe('wasm');
  expect(tried.map((each) => [each.name, each.outcome])).toEqual([
    ['node-gpu', 'absent'],
    ['node', 'absent'],
    ['wasm', 'selected'],
  ]);
});
