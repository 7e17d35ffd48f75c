import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Loaded, Wanted } from './candidate.js';
import { reasonOf, running } from './engine.js';
import { addressAsked, asFolder } from './wasm_address.js';

type Wasm = typeof import('@tensorflow/tfjs-backend-wasm');

/** What differs between a page and Node. */
export interface WasmHost {
  /** The binary of the backend that the paths lead to. */
  read(name: string, paths: Wanted['wasmPaths']): Promise<Uint8Array<ArrayBuffer>>;
  /** How many threads this program may have run at the same time. */
  cores(): number;
}

/** The binary that computes where there is SIMD; the others are of engines without, and of threads of its own. */
const simdBinary = 'tfjs-backend-wasm-simd.wasm';
const binaries = [simdBinary, 'tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

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

/** @param fetched Whether they are fetched in Node too, where they would be read as files. */
function setPaths(wasm: Wasm, paths: NonNullable<Wanted['wasmPaths']>, fetched = false): void {
  try {
    wasm.setWasmPaths(typeof paths === 'string' ? asFolder(paths) : paths, fetched);
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

/** Why threads cannot share a memory here; `undefined` where they can. */
function sharingRefusal(): string | undefined {
  if (typeof SharedArrayBuffer === 'undefined')
    return (
      'threads need a page that is cross-origin isolated (headers Cross-Origin-Opener-Policy: same-origin and ' +
      'Cross-Origin-Embedder-Policy: require-corp)'
    );
  try {
    Reflect.construct(WebAssembly.Memory, [{ initial: 256, maximum: 65536, shared: true }]);
    return undefined;
  } catch (thrown) {
    return `there is no shared memory (${reasonOf(thrown)})`;
  }
}

/** Runs `begin` while what TensorFlow.js fetches from an address are these bytes. */
async function answering<T>(
  address: string,
  bytes: Uint8Array<ArrayBuffer>,
  begin: () => Promise<T>,
): Promise<T> {
  const env = tf.env();
  const { platform } = env;
  // All that is asked of it; a true `Response` costs Node a tenth of a second.
  const answer = { ok: true, arrayBuffer: () => Promise.resolve(bytes.buffer) } as Response;
  const fetch: typeof platform.fetch = (path, init) =>
    path === address ? Promise.resolve(answer) : platform.fetch(path, init);
  env.platform = Object.create(platform, { fetch: { value: fetch } }) as typeof platform;
  try {
    return await begin();
  } finally {
    env.platform = platform;
  }
}

/** A binary of the backend whose memory threads share; or why there is none. */
async function sharedBinary(
  shareMemory: typeof import('@elbo/wasm').shareMemory,
  { read }: WasmHost,
  { wasmPaths }: Wanted,
): Promise<Uint8Array<ArrayBuffer> | string> {
  const refusal = sharingRefusal();
  if (refusal !== undefined) return refusal;
  try {
    const unknown = 'this version of @tensorflow/tfjs-backend-wasm is not known to @elbo/wasm';
    return (await shareMemory(await read(simdBinary, wasmPaths))) ?? unknown;
  } catch (thrown) {
    return `its binary cannot be read (${reasonOf(thrown)})`;
  }
}

/** TensorFlow.js says of whatever keeps the backend from starting that its files are not found. */
function explanation(reason: string, { wasmPaths }: Wanted): string {
  const refusal = memoryRefusal();
  if (refusal !== undefined) return refusal;
  const address = addressAsked(wasmPaths);
  return (
    `its .wasm files could not be started (${reason}${address === undefined ? '' : `; asked for at ${address}`}); ` +
    'give `wasmPaths`, the folder or the map of files they are served from, on a fresh start'
  );
}

/** Loads the WebAssembly backend, to be completed with the kernels of @elbo/wasm. */
export async function loadWasm(wanted: Wanted, host: WasmHost): Promise<Loaded> {
  const [wasm, { accelerate, shareMemory }] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm'),
    import('@elbo/wasm'),
  ]);
  const name = '@tensorflow/tfjs-backend-wasm';
  const asked = wanted.threads ?? Math.max(1, Math.floor(host.cores() / wanted.processes));
  let shared: Uint8Array<ArrayBuffer> | undefined;
  let alone: string | undefined;
  let threads = 1;
  return {
    engineName: 'wasm',
    package: name,
    versions: { [name]: wasm.version_wasm },
    prepare: async () => {
      if (running('wasm')) return;
      // The threads are those of @elbo/wasm; the backend's own build with threads does not start in Node.
      tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      wasm.setThreadsCount(1);
      const found = asked > 1 ? await sharedBinary(shareMemory, host, wanted) : undefined;
      if (typeof found === 'string') alone = found;
      else shared = found;
      if (shared) setPaths(wasm, Object.fromEntries(binaries.map((name) => [name, name])), true);
      else if (wanted.wasmPaths !== undefined) setPaths(wasm, wanted.wasmPaths);
    },
    around: (begin) => (shared ? answering(simdBinary, shared, begin) : begin()),
    complete: async () => {
      const acceleration = await accelerate({ threads: asked });
      threads = acceleration.threads;
      const fewer = alone ?? acceleration.fewer;
      if (fewer === undefined) return acceleration;
      if (wanted.threads !== undefined && !acceleration.already)
        throw new BackendError(`it runs on one thread, not ${wanted.threads}: ${fewer}`);
      return { ...acceleration, fewer };
    },
    threads: () => threads,
    device: () => 'cpu',
    explain: (reason) => explanation(reason, wanted),
  };
}
