import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { selectBackend } from '../src/index.js';

// A file of its own: a WebAssembly backend that failed to start stays broken in its process.

// The loader prints its own complaint as well.
beforeAll(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => vi.restoreAllMocks());

/** WebAssembly memories until no more can be had: each takes addresses, and next to no memory. */
function exhaust(): readonly WebAssembly.Memory[] {
  const held: WebAssembly.Memory[] = [];
  try {
    for (;;) held.push(new WebAssembly.Memory({ initial: 0 }));
  } catch {
    return held;
  }
}

test('where no WebAssembly memory can be had, that is the reason, and no word of files', async () => {
  const held = exhaust();
  // Once it has tried to start, its files cannot be looked for elsewhere: nor is that the reason then.
  for (const options of [{}, { wasmPaths: '/elsewhere/' }]) {
    const refused = await selectBackend({ ...options, backend: 'wasm' }).catch(String);
    expect(refused).toMatch(/'wasm' cannot be used: it gets no memory \(.*allocate.*\).*ulimit -v/);
    expect(refused).not.toMatch(/wasmPaths|bundled/);
  }
  expect(held.length).toBeGreaterThan(0);
});
