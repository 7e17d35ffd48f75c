import { BackendError } from '@elbo/core';
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
      `its threaded build does not start in Node, so it cannot have ${threads} threads; use threads: 1`,
    );
  }
  if (await tf.env().getAsync(threadsFlag)) return;
  throw new BackendError(
    `${threads} threads need a page that is cross-origin isolated (headers Cross-Origin-Opener-Policy: ` +
      'same-origin and Cross-Origin-Embedder-Policy: require-corp); ask for threads: 1',
  );
}

/** Why no WebAssembly program can have memory here, and what to do; `undefined` where one can. */
function memoryRefusal(): string | undefined {
  try {
    // As the backend's own begins, for which V8 reserves all that it could ever address.
    Reflect.construct(WebAssembly.Memory, [{ initial: 256 }]);
    return undefined;
  } catch (thrown) {
    return (
      `it gets no memory (${reasonOf(thrown)}): V8 reserves some 10 GB of addresses for each WebAssembly memory, of which few are ever used; ` +
      'raise the limit on them (`ulimit -v unlimited`, or that of a batch system), have fewer workers, ' +
      'or let Node do without the reserve, somewhat slower (NODE_OPTIONS=--disable-wasm-trap-handler)'
    );
  }
}

function setPaths(wasm: Wasm, paths: NonNullable<Wanted['wasmPaths']>): void {
  try {
    wasm.setWasmPaths(typeof paths === 'string' ? asFolder(paths) : paths);
  } catch (thrown) {
    // TensorFlow.js says "already initialized" of a start that failed, too.
    throw new BackendError(
      memoryRefusal() ??
        `its .wasm files cannot be looked up elsewhere after it has tried to start; ` +
          `restart the program with the right \`wasmPaths\` (${reasonOf(thrown)})`,
      { cause: thrown },
    );
  }
}

/** TensorFlow.js says of whatever keeps the backend from starting that its files are not found. */
function explanation(reason: string, { threads = 1, wasmPaths }: Wanted): string {
  const refusal = memoryRefusal();
  if (refusal !== undefined) return refusal;
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
  const [wasm, { accelerate }] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm'),
    import('@elbo/wasm'),
  ]);
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
