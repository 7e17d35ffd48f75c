import { BackendError } from '@elbo/core';
import type { Acceleration } from '@elbo/wasm';
import type { Loaded, Wanted } from './candidate.js';
import { loadCpu } from './cpu.js';
import { current, reasonOf, restore, start } from './engine.js';
import { candidatesFor, type BackendName, type SupportedBackend } from './names.js';
import { probe } from './probe.js';
import { loadWasm } from './wasm.js';

/** Where a backend computes. */
export type Device = 'cpu' | 'gpu';

/** What became of a backend that was tried. */
export interface Tried {
  readonly name: SupportedBackend;
  readonly outcome: 'selected' | 'failed';
  /** Why it failed, and what to do. */
  readonly reason?: string;
}

/** The backend that now computes, and how it came to be chosen. */
export interface SelectedBackend {
  readonly name: SupportedBackend;
  /** The version of the backend's package. */
  readonly version: string;
  readonly device: Device;
  readonly threads: number;
  /** What @elbo/wasm put in place of the stock kernels; of the backend `wasm` only. */
  readonly acceleration: Acceleration | undefined;
  /** Everything tried, in order; the last is the selected one. */
  readonly tried: readonly Tried[];
}

/** How to select a backend. */
export interface SelectOptions {
  /** `auto`, the default, takes the fastest that works; a name takes that one or fails. */
  readonly backend?: BackendName | (string & Record<never, never>);
  /** Threads of the backend, 1 by default; more need `wasm` in a cross-origin isolated page. */
  readonly threads?: number;
  /**
   * Where the WebAssembly backend's files are served from, needed in browsers: a folder ending in `/`,
   * or the address of each of its three files by name.
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
}

// Loaded when tried, so that a program carries only the backend it uses.
const loaders: Readonly<Record<SupportedBackend, () => Promise<Loaded>>> = {
  wasm: loadWasm,
  cpu: loadCpu,
};

/** Loads a backend's package. */
export async function load(name: SupportedBackend): Promise<Loaded> {
  try {
    return await loaders[name]();
  } catch (thrown) {
    throw new BackendError(
      `its package could not be loaded (${reasonOf(thrown)}): npm install @tensorflow/tfjs-backend-${name}`,
      { cause: thrown },
    );
  }
}

function checkThreads(actual: number, wanted: number): void {
  if (actual === wanted) return;
  throw new BackendError(
    `it runs on ${actual} thread${actual === 1 ? '' : 's'}, not ${wanted}: the plain backend has one, ` +
      "and wasm at most half of the machine's cores, settled by its first use",
  );
}

/** A backend that is current, and what became of it. */
interface Started {
  readonly loaded: Loaded;
  readonly acceleration: Acceleration | undefined;
}

/**
 * Makes a backend the current one if it computes correctly.
 *
 * @throws BackendError with the reason when it does not; the backend before it is then current again.
 */
export async function tryBackend(name: SupportedBackend, wanted: Wanted): Promise<Started> {
  const loaded = await load(name);
  const previous = current();
  await loaded.prepare(wanted);
  await start(name, loaded);
  try {
    checkThreads(loaded.threads(), wanted.threads);
    const acceleration = await loaded.complete();
    await probe();
    return { loaded, acceleration };
  } catch (thrown) {
    await restore(previous, loaded);
    throw thrown instanceof BackendError
      ? thrown
      : new BackendError(`its first operations failed (${reasonOf(thrown)})`, { cause: thrown });
  }
}

/**
 * Chooses the TensorFlow.js backend that computes from here on.
 *
 * Each candidate is loaded, started, and tested on a matrix product and its gradients against known
 * values. `auto` takes the first that passes; naming a backend gives that one or an error, never
 * another. When none passes, the backend that was current before stays current.
 *
 * @throws BackendError with every reason when no candidate works, or when a name is unknown.
 */
export async function selectBackend({
  backend = 'auto',
  threads = 1,
  wasmPaths,
}: SelectOptions = {}): Promise<SelectedBackend> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new BackendError(`threads must be a whole number of at least 1, not ${threads}.`);
  }
  const tried: Tried[] = [];
  for (const name of candidatesFor(backend)) {
    try {
      const { loaded, acceleration } = await tryBackend(name, { threads, wasmPaths });
      tried.push({ name, outcome: 'selected' });
      return {
        name,
        version: loaded.version,
        device: 'cpu',
        threads: loaded.threads(),
        acceleration,
        tried,
      };
    } catch (thrown) {
      tried.push({ name, outcome: 'failed', reason: reasonOf(thrown) });
    }
  }
  const reasons = tried.map(({ name, reason }) => `Backend '${name}' cannot be used: ${reason}.`);
  throw new BackendError(reasons.join('\n'));
}
