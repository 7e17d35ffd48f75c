import type { Loaded, Wanted } from '../shared/candidate.js';
import { asFolder } from '../shared/wasm_address.js';
import { loadWasm as loadAnywhere, type WasmHost } from '../shared/wasm.js';

const wasmHost: WasmHost = {
  read: async (name, paths) => {
    const address = typeof paths === 'string' ? asFolder(paths) + name : (paths?.[name] ?? name);
    const response = await fetch(address, { credentials: 'same-origin' });
    if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  },
  // A page that is not isolated has one, and there is nothing to say of it.
  cores: () => (globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1),
};

/** The WebAssembly backend. */
export const loadWasm = (wanted: Wanted): Promise<Loaded> => loadAnywhere(wanted, wasmHost);
