import type { Loaded, Wanted } from '../shared/candidate.js';
import { loadWasm as loadAnywhere } from '../shared/wasm.js';

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

/** The WebAssembly backend, which leaves the process as it was. */
export async function loadWasm(wanted: Wanted): Promise<Loaded> {
  return { ...(await loadAnywhere(wanted)), around: withoutHandlers };
}
