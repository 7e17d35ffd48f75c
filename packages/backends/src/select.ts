import { BackendError } from '@elbo/core';
import { restoreRules } from '@elbo/gradients';
import type { Acceleration } from '@elbo/wasm';
import { version_core } from '@tensorflow/tfjs-core';
import { AbsentError } from './absent.js';
import type { Loaded, Wanted } from './candidate.js';
import { loadCpu } from './cpu.js';
import { discard, reasonOf, remember, start } from './engine.js';
import { candidatesFor, type Backend, type BackendName, type Device } from './names.js';
import { expectOneCore } from './node/one_core.js';
import { loadTensorFlow } from './node/tensorflow.js';
import { probe } from './probe.js';
import { stepTimes } from './speed.js';
import { loadWasm } from './wasm.js';
import { loadWebgl } from './webgl.js';
import { loadWebgpu } from './webgpu.js';

/** What became of a backend that was tried. */
export interface Tried {
  readonly name: Backend;
  readonly outcome: 'selected' | 'failed' | 'slower' | 'absent';
  /** Why it was passed over, and what to do. */
  readonly reason?: string;
}

/** The backend that now computes, and how it came to be chosen. */
export interface SelectedBackend {
  readonly name: Backend;
  /** The package that it comes from. */
  readonly package: string;
  /** The version of that package. */
  readonly version: string;
  /** Of all that it stands on: packages and libraries by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly device: Device;
  readonly threads: number;
  /** What @elbo/wasm put in place of the stock kernels; of the backend `wasm` only. */
  readonly acceleration: Acceleration | undefined;
  /** Everything tried, in order; the last is the selected one. */
  readonly tried: readonly Tried[];
}

/** How to select a backend. */
export interface SelectOptions {
  /** `auto`, the default, takes the fastest for training that works; a name takes that one or fails. */
  readonly backend?: BackendName | (string & Record<never, never>);
  /** `gpu` takes a backend that computes on a GPU, or fails. */
  readonly device?: 'gpu';
  /**
   * Threads of the backend. By default all cores for `node`, and 1 for the others; more need `wasm` in a cross-origin
   * isolated page.
   */
  readonly threads?: number;
  /**
   * Whether TensorFlow takes memory of a GPU as it needs it, or nearly all at once, which fragments less. By default what
   * the variable TF_FORCE_GPU_ALLOW_GROWTH says, and as it needs it where that is not set.
   */
  readonly memoryGrowth?: boolean;
  /**
   * Whether `node` runs each step of a training as one program of TensorFlow's, which is faster; the default. Without, it
   * performs operation after operation, as other code of yours does.
   */
  readonly programs?: boolean;
  /**
   * Where the WebAssembly backend's files are served from, needed in browsers: a folder, or the address of each of its
   * three files by name.
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
  /** How long a backend may take to start, in ms; a minute by default. One that takes longer is passed over. */
  readonly startLimit?: number;
  /**
   * The folder whose packages are used for `node-gpu`, `node` and, in Node, `webgpu`: your project's. By default the
   * working directory, and then where this package is installed.
   */
  readonly resolveFrom?: string;
}

// Loaded when tried, so that a program carries only the backend it uses.
const loaders: Readonly<Record<Backend, (wanted: Wanted) => Promise<Loaded>>> = {
  'node-gpu': (wanted) => loadTensorFlow('@tensorflow/tfjs-node-gpu', wanted),
  node: (wanted) => loadTensorFlow('@tensorflow/tfjs-node', wanted),
  webgpu: loadWebgpu,
  webgl: loadWebgl,
  wasm: loadWasm,
  cpu: loadCpu,
};

async function load(name: Backend, wanted: Wanted): Promise<Loaded> {
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
      "and wasm at most half of the machine's cores, settled by its first use",
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
export async function tryBackend(name: Backend, options: SelectOptions): Promise<Started> {
  const { threads, wasmPaths, resolveFrom, memoryGrowth, programs } = options;
  const wanted = { threads, wasmPaths, resolveFrom, memoryGrowth, programs };
  const putBack = remember();
  let loaded: Loaded | undefined;
  try {
    loaded = await load(name, wanted);
    await loaded.prepare?.(wanted);
    await start(loaded, options.startLimit);
    if (needsGpu(name, options) && loaded.device() !== 'gpu')
      throw new BackendError('it computes on the CPU here, without a GPU: see elbo doctor');
    if (threads !== undefined) checkThreads(loaded.threads(), threads);
    const acceleration = await loaded.complete?.();
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

/** So many times as fast as wasm must TensorFlow be: with wasm the same seed gives the same bits everywhere. */
const worthIt = 1.2;

/**
 * Says why TensorFlow on the CPU gives way to wasm, and discards it; or nothing, and it is current. It has more cores
 * but a cost for each operation, so that which of the two is faster depends on the machine.
 */
async function slowerThanWasm(
  { engineName }: Loaded,
  options: SelectOptions,
): Promise<string | undefined> {
  const putBack = remember();
  let rival: Loaded;
  try {
    rival = (await tryBackend('wasm', options)).loaded;
  } catch {
    return undefined;
  }
  const times = await stepTimes([engineName, rival.engineName]);
  const [own, other] = [times.get(engineName)!, times.get(rival.engineName)!];
  await putBack();
  if (own * worthIt <= other) return undefined;
  discard(engineName);
  return `a small step takes it ${own.toFixed(1)} ms, and wasm ${other.toFixed(1)} ms: name it for large networks`;
}

/** Says once that plain JavaScript computes because WebAssembly failed: it is right, and so slow that it looks stuck. */
function warnOfFallback(tried: readonly Tried[]): void {
  const wasm = tried.find(({ name, outcome }) => name === 'wasm' && outcome === 'failed');
  if (!wasm || warned) return;
  warned = true;
  console.warn(
    `Elbo computes in plain JavaScript, many times slower than in WebAssembly: ${wasm.reason!}.`,
  );
}
let warned = false;

/**
 * Chooses the TensorFlow.js backend that computes from here on.
 *
 * Each candidate is loaded, started, and tested on a matrix product and its gradients against known
 * values. `auto` takes the first that passes, and measures TensorFlow on the CPU against wasm; naming a backend gives that one or an error, never
 * another. When none passes, the backend that was current before stays current.
 *
 * @throws BackendError with every reason when no candidate works, when a name is unknown, or when a second copy of
 * tfjs-core is loaded.
 */
export async function selectBackend(options: SelectOptions = {}): Promise<SelectedBackend> {
  const { backend = 'auto', threads, device } = options;
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new BackendError(`threads must be a whole number of at least 1, not ${threads}.`);
  }
  expectOneCore();
  const tried: Tried[] = [];
  for (const name of candidatesFor(backend, device)) {
    try {
      const { loaded, acceleration } = await tryBackend(name, { ...options, backend });
      if (name === 'node' && backend === 'auto' && loaded.device() === 'cpu') {
        const slower = await slowerThanWasm(loaded, options);
        if (slower !== undefined) {
          tried.push({ name, outcome: 'slower', reason: slower });
          continue;
        }
      }
      tried.push({ name, outcome: 'selected' });
      if (name === 'cpu') warnOfFallback(tried);
      return {
        name,
        package: loaded.package,
        version: loaded.versions[loaded.package]!,
        versions: { '@tensorflow/tfjs-core': version_core, ...loaded.versions },
        device: loaded.device(),
        threads: loaded.threads(),
        acceleration,
        tried,
      };
    } catch (thrown) {
      const outcome = thrown instanceof AbsentError ? 'absent' : 'failed';
      tried.push({ name, outcome, reason: reasonOf(thrown) });
    }
  }
  const reasons = tried.map(({ name, reason }) => `Backend '${name}' cannot be used: ${reason}.`);
  throw new BackendError(reasons.join('\n'));
}
