import { BackendError } from '@elbo/core';
import { accelerate } from '@elbo/wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded, Wanted } from './candidate.js';
import { reasonOf, running } from './engine.js';
import { addressAsked, asFolder } from './wasm_address.js';

type Wasm = typeof import('@tensorflow/tfjs-backend-wasm');

const threadsFlag = 'WASM_HAS_MULTITHREAD_SUPPORT';

async function allowThreads(threads: number): Promise<void> {
  if (threads === 1) {
    // Where threads are possible TensorFlow.js takes the threaded build whatever the count.
    tf.env().set(threadsFlag, false);
    return;
  }
  if (tf.env().getBool('IS_NODE')) {
    throw new BackendError(
      `its threaded build does not start in Node, so ${threads} threads cannot be had; ask for threads: 1`,
    );
  }
  if (await tf.env().getAsync(threadsFlag)) return;
  throw new BackendError(
    `${threads} threads need a page that is cross-origin isolated (headers Cross-Origin-Opener-Policy: ` +
      'same-origin and Cross-Origin-Embedder-Policy: require-corp); ask for threads: 1',
  );
}

function setPaths(wasm: Wasm, paths: NonNullable<Wanted['wasmPaths']>): void {
  try {
    wasm.setWasmPaths(typeof paths === 'string' ? asFolder(paths) : paths);
  } catch (thrown) {
    // TensorFlow.js says "already initialized" of a start that failed, too.
    throw new BackendError(
      `its .wasm files cannot be looked for elsewhere once it has tried to start; ` +
        `start the program afresh with the right \`wasmPaths\` (${reasonOf(thrown)})`,
      { cause: thrown },
    );
  }
}

function explanation(reason: string, { threads = 1, wasmPaths }: Wanted): string {
  const address = addressAsked(wasmPaths);
  const workers =
    threads > 1
      ? "let the page start workers, which its threads are (`worker-src 'self' blob:` in a Content-Security-Policy), or ask for threads: 1; else "
      : '';
  return (
    `its .wasm files could not be started (${reason}${address === undefined ? '' : `; asked for at ${address}`}); ` +
    `${workers}give \`wasmPaths\`, the folder or the map of files they are served from, on a fresh start`
  );
}

async function prepare(wasm: Wasm, { threads = 1, wasmPaths }: Wanted): Promise<void> {
  if (running('wasm')) return;
  await allowThreads(threads);
  wasm.setThreadsCount(threads);
  if (wasmPaths !== undefined) setPaths(wasm, wasmPaths);
}

/** Loads the WebAssembly backend, to be completed with the kernels of @elbo/wasm. */
export async function loadWasm(wanted: Wanted): Promise<Loaded> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const name = '@tensorflow/tfjs-backend-wasm';
  return {
    engineName: 'wasm',
    package: name,
    versions: { [name]: wasm.version_wasm },
    prepare: () => prepare(wasm, wanted),
    complete: accelerate,
    threads: () => wasm.getThreadsCount(),
    device: () => 'cpu',
    explain: (reason) => explanation(reason, wanted),
  };
}
