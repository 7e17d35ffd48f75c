import { backend as currentBackend, getBackend } from '@tensorflow/tfjs-core';
import { expectKnown, memoryOf, type WasmBackend } from './backend.js';
import { WasmError } from './errors.js';
import { install } from './kernel.js';
import { kernels } from './kernels/index.js';
import { guardAllocator, machineOf } from './machine.js';
import { bestInstructions, loadSideModule, type Instructions } from './side_module.js';
import { onThreads } from './threads/on_threads.js';

/** How the backend is accelerated. */
export interface AccelerateOptions {
  /**
   * On how many threads kernels run, this one included: at most, for kernels that are worth sharing. More than one need a backend
   * in shared memory (`shareMemory`). 1 by default. It changes no bit of any result.
   */
  readonly threads?: number;
}

/** What runs on the WebAssembly backend now. */
export interface Acceleration {
  readonly instructions: Instructions;
  /** The kernels that are this package's, by their TensorFlow.js names. */
  readonly kernels: readonly string[];
  /** How many threads kernels run on. */
  readonly threads: number;
  /** Why they are fewer than asked for. */
  readonly fewer?: string;
  /** Whether an earlier call had done it, so that this one did nothing. */
  readonly already: boolean;
}

const done = new WeakMap<object, Promise<Omit<Acceleration, 'already'>>>();

async function start(
  backend: WasmBackend,
  { threads = 1 }: AccelerateOptions,
): Promise<Omit<Acceleration, 'already'>> {
  const instructions = bestInstructions();
  const loading = loadSideModule(memoryOf(backend), instructions);
  guardAllocator(backend);
  const { side, ...found } = await onThreads(backend, loading, threads);
  install(backend, machineOf(backend, side), kernels);
  const names = [...new Set(kernels.map(({ name }) => name))].sort();
  return { instructions, kernels: names, ...found };
}

/**
 * Gives the WebAssembly backend of TensorFlow.js, which must be the current one, kernels that it lacks, that it has
 * wrong, and that it has slow: forward and backward passes are then right and several times as fast, for any program.
 * Call it once, after `await tf.setBackend('wasm')`; a second call does nothing and says so. Threads that cannot be had are
 * told of in `fewer`, and are no error.
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
export async function accelerate(options: AccelerateOptions = {}): Promise<Acceleration> {
  const name = getBackend() as string | undefined;
  if (name !== 'wasm')
    throw new WasmError(
      `@elbo/wasm accelerates the backend 'wasm', but the current one is '${name ?? 'none'}': await tf.setBackend('wasm') first.`,
    );
  const backend = currentBackend();
  expectKnown(backend);
  const earlier = done.get(backend);
  if (earlier) return { ...(await earlier), already: true };
  const starting = start(backend, options);
  done.set(backend, starting);
  starting.catch(() => done.delete(backend));
  return { ...(await starting), already: false };
}
