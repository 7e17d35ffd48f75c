import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Loaded, Wanted } from '../shared/candidate.js';
import { loadWasm as loadAnywhere, type WasmHost } from '../shared/wasm.js';
import { coresAllowed } from './cores.js';

const events = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Runs `begin` and takes back the handlers of uncaught errors that it installs in the process: the WebAssembly loader's
 * would change the exit status and the message of every later crash.
 */
async function withoutHandlers<T>(begin: () => Promise<T>): Promise<T> {
  const before = new Set(events.flatMap((event) => process.rawListeners(event)));
  try {
    return await begin();
  } finally {
    for (const event of events) {
      for (const listener of process.rawListeners(event)) {
        if (!before.has(listener)) process.off(event, listener as (...args: unknown[]) => void);
      }
    }
  }
}

const wasmHost: WasmHost = {
  read: async (name, paths) => {
    const own = (): string =>
      createRequire(import.meta.url).resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}`);
    const path = typeof paths === 'string' ? join(paths, name) : (paths?.[name] ?? own());
    return new Uint8Array(await readFile(path));
  },
  cores: coresAllowed,
};

/** The WebAssembly backend, which leaves the process as it was. */
export async function loadWasm(wanted: Wanted): Promise<Loaded> {
  const loaded = await loadAnywhere(wanted, wasmHost);
  return { ...loaded, around: (begin) => withoutHandlers(() => loaded.around!(begin)) };
}
