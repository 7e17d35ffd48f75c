import type { Wanted } from './candidate.js';

const isOurs = (address: string): boolean => /tfjs-backend-wasm[^/]*\.wasm$/.test(address);

/** A folder as TensorFlow.js wants it: it only joins the folder and a file's name. */
export function asFolder(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

/**
 * Where the .wasm files were asked for: what the browser asked last, else what was given. `undefined` where neither is
 * known, as in Node with the files of the package.
 */
export function addressAsked(paths: Wanted['wasmPaths']): string | undefined {
  if ('document' in globalThis) {
    const asked = performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter(isOurs);
    if (asked.length > 0) return asked.at(-1);
  }
  if (typeof paths === 'string') return asFolder(paths);
  return paths && Object.values(paths).join(', ');
}
