import { BackendError } from '@elbo/core';
import { restoreRules } from '@elbo/gradients';
import type { Acceleration } from '@elbo/wasm';
import type { Loaded, Wanted } from './candidate.js';
import { reasonOf, remember, start } from './engine.js';
import type { Host } from './host.js';
import type { Backend } from './names.js';
import type { SelectOptions } from './options.js';
import { probe } from './probe.js';

async function load({ loaders }: Host, name: Backend, wanted: Wanted): Promise<Loaded> {
  try {
    return await loaders[name](wanted);
  } catch (thrown) {
    if (thrown instanceof BackendError) throw thrown;
    throw new BackendError(
      `its package could not be loaded (${reasonOf(thrown)}): npm install @tensorflow/tfjs-backend-${name}`,
      { cause: thrown },
    );
  } finally {
    // `@tensorflow/tfjs`, which tfjs-node loads, registers stock gradients over a hundred of Elbo's.
    restoreRules();
  }
}

function checkThreads(actual: number, wanted: number): void {
  if (actual === wanted) return;
  throw new BackendError(
    `it runs on ${actual} thread${actual === 1 ? '' : 's'}, not ${wanted}: the plain backend has one, ` +
      'and those of wasm are settled by its first use',
  );
}

/** Whether only a GPU will do: it was asked for, or makes this backend what it is. */
function needsGpu(name: Backend, { backend, device }: SelectOptions): boolean {
  if (device === 'gpu' || name === 'node-gpu') return true;
  // In software they are slower than wasm, which comes next.
  return backend === 'auto' && (name === 'webgpu' || name === 'webgl');
}

/** A backend that is current, and what became of it. */
interface Started {
  readonly loaded: Loaded;
  readonly acceleration: Acceleration | undefined;
}

/**
 * Makes a backend the current one if it computes correctly.
 *
 * @throws BackendError with the reason when it does not; everything is then as it was before.
 */
export async function tryBackend(
  host: Host,
  name: Backend,
  options: SelectOptions,
): Promise<Started> {
  const { threads, processes = 1, wasmPaths, resolveFrom, memoryGrowth, programs } = options;
  const wanted = { threads, processes, wasmPaths, resolveFrom, memoryGrowth, programs };
  const putBack = remember();
  let loaded: Loaded | undefined;
  try {
    loaded = await load(host, name, wanted);
    await loaded.prepare?.(wanted);
    await start(loaded, options.startLimit);
    if (needsGpu(name, options) && loaded.device() !== 'gpu')
      throw new BackendError('it computes on the CPU here, without a GPU: see elbo doctor');
    const acceleration = await loaded.complete?.();
    if (threads !== undefined) checkThreads(loaded.threads(), threads);
    await probe();
    return { loaded, acceleration };
  } catch (thrown) {
    await putBack();
    loaded?.undo?.();
    throw thrown instanceof BackendError
      ? thrown
      : new BackendError(`its first operations failed (${reasonOf(thrown)})`, { cause: thrown });
  }
}
