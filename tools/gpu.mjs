// Trains every model family on a GPU and times it beside PyTorch on the same machine:
//   npm run gpu -- [--from FOLDER] [--tensorflow FOLDER] [--families NAME,...] [--software]
//   npm run gpu -- --pack NEW_FOLDER [--from FOLDER] [--vulkan FOLDER]
// FOLDER, as for npm run parity, has the packages webgpu and @tensorflow/tfjs-backend-webgpu, which reach the GPU by its
// Vulkan driver; and with --tensorflow, a virtual environment with tensorflow[and-cuda], @tensorflow/tfjs-node-gpu, whose
// binding is built against that. ELBO_PYTHON names a Python with torch. It fails where WebGPU finds no GPU; --software
// takes a program in its place (SwiftShader, say), to see that all of this runs, with times that mean nothing.
// --pack makes a folder for a machine without network: carry it there, and run `./node tools/gpu.mjs` in it. --vulkan adds
// a Vulkan loader, libvulkan.so.1, from a folder.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPeers } from './benchmarks/steps/peer.mjs';
import { python, torch } from './benchmarks/steps/python.mjs';
import { timed } from './benchmarks/steps/turns.mjs';
import { pack } from './gpu/pack.mjs';
import { vulkanVariables } from './gpu/vulkan.mjs';
import { describe, machine } from './lib/machine.mjs';
import { run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

const { values: flags } = parseArgs({
  options: {
    from: { type: 'string', default: process.env.ELBO_BACKENDS ?? root },
    tensorflow: { type: 'string' },
    families: { type: 'string' },
    software: { type: 'boolean', default: false },
    pack: { type: 'string' },
    vulkan: { type: 'string' },
  },
});

const models = [
  'vae 784-400-20, batch 128',
  'convolutional vae, batch 64',
  'four-pixel avb, batch 512',
];
const env = { ...process.env, ...vulkanVariables(), ELBO_BACKENDS: flags.from };
const tool = (...names) => join(root, 'tools', ...names);
const failures = [];

/** Runs a program on this terminal, and notes that it failed. */
async function part(title, args) {
  console.log(`\n${title}`);
  const { status } = await run(process.execPath, args, { inherit: true, env });
  if (status !== 0) failures.push(title);
}

const elbo = (backend) => [process.execPath, tool('benchmarks', 'steps', 'elbo.mjs'), backend];

/** Median milliseconds of a step, of every program that runs here. */
async function times(backends) {
  console.log('\nMilliseconds a step');
  Object.assign(process.env, env);
  const programs = {
    ...Object.fromEntries(['wasm', ...backends].map((backend) => [backend, elbo(backend)])),
    ...torch({ cuda: true }),
  };
  if (Object.keys(programs).every((name) => !name.startsWith('PyTorch')))
    console.log(`SKIPPED PyTorch: ${python} has no torch; ELBO_PYTHON names one that has`);
  for (const model of flags.software ? models.slice(0, 1) : models) {
    const peers = startPeers(programs);
    const found = await timed(model, peers);
    for (const peer of peers) peer.stop();
    for (const [name, { ms, device }] of found)
      console.log(`  ${model.padEnd(30)} ${name.padEnd(24)} ${ms.toFixed(2)} ${device ?? ''}`);
    for (const backend of backends) {
      const { device } = found.get(backend) ?? {};
      if (device === undefined) failures.push(`${backend} does not run ${model}`);
      else if (device !== 'gpu' && !flags.software)
        failures.push(`${backend} computed on a ${device}, not on a GPU`);
    }
  }
}

async function measure() {
  console.log(describe(machine()));
  const { stdout } = spawnSync('nvidia-smi', ['-L'], { encoding: 'utf8' });
  console.log(stdout?.trim() || 'No NVIDIA GPU: nvidia-smi is not here, or sees none.');
  const backends = ['webgpu', ...(flags.tensorflow ? ['node-gpu'] : [])];
  if (flags.tensorflow)
    await part('tfjs-node-gpu, built against TensorFlow', [
      tool('gpu', 'build.mjs'),
      flags.tensorflow,
      flags.from,
    ]);
  await part('Every model family, compared with wasm', [
    tool('parity.mjs'),
    flags.from,
    ...backends,
    ...(flags.families ? ['--models', flags.families] : []),
  ]);
  await times(backends);
  console.log(flags.software ? '\nNo GPU was asked for: these times say nothing of one.' : '');
  for (const failure of failures) console.log(`FAILED ${failure}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

if (flags.pack) {
  pack(flags.pack, { project: flags.from, vulkan: flags.vulkan });
  console.log(`Carry ${flags.pack} to the machine, and run there: ./node tools/gpu.mjs`);
} else await measure();
