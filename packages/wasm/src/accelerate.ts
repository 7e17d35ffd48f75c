import { backend as currentBackend, getBackend } from '@tensorflow/tfjs-core';
import { expectKnown, memoryOf, type WasmBackend } from './backend.js';
import { WasmError } from './errors.js';
import { install } from './kernel.js';
import { kernels } from './kernels/index.js';
import { guardAllocator, machineOf } from './machine.js';
import { bestInstructions, loadSideModule, type Instructions } from './side_module.js';

/** What runs on the WebAssembly backend now. */
export interface Acceleration {
  readonly instructions: Instructions;
  /** The kernels that are this package's, by their TensorFlow.js names. */
  readonly kernels: readonly string[];
  /** Whether an earlier call had done it, so that this one did nothing. */
  readonly already: boolean;
}

const done = new WeakMap<object, Promise<Omit<Acceleration, 'already'>>>();

async function start(backend: WasmBackend): Promise<Omit<Acceleration, 'already'>> {
  const instructions = bestInstructions();
  const side = await loadSideModule(memoryOf(backend), instructions);
  guardAllocator(backend);
  install(backend, machineOf(backend, side), kernels);
  return { instructions, kernels: [...new Set(kernels.map(({ name }) => name))].sort() };
}

/**
 * Gives the WebAssembly backend of TensorFlow.js, which must be the current one, kernels that it lacks, that it has
 * wrong, and that it has slow: forward and backward passes are then right and several times as fast, for any program.
 * Call it once, after `await tf.setBackend('wasm')`; a second call does nothing and says so.
 *
 * @throws WasmError when another backend is current, or a version of it that this package does not know.
 *
 * @example
 * ```ts
 * import { accelerate } from '@elbo/wasm';
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-wasm';
 *
 * await tf.setBackend('wasm');
 * const { kernels } = await accelerate();
 * console.log(kernels.includes('BatchMatMul')); // true
 * ```
 */
export async function accelerate(): Promise<Acceleration> {
  const name = getBackend() as string | undefined;
  if (name !== 'wasm')
    throw new WasmError(
      `@elbo/wasm accelerates the backend 'wasm', but the current one is '${name ?? 'none'}': await tf.setBackend('wasm') first.`,
    );
  const backend = currentBackend();
  expectKnown(backend);
  const earlier = done.get(backend);
  if (earlier) return { ...(await earlier), already: true };
  const starting = start(backend);
  done.set(backend, starting);
  starting.catch(() => done.delete(backend));
  return { ...(await starting), already: false };
}
