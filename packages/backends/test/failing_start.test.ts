import { tmpdir } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { selectBackend } from '../src/index.js';

// A file of its own: a WebAssembly backend that failed to start stays broken in its process.
const wasmPaths = '/no/such/folder/';

// The loader prints its own complaint as well.
beforeAll(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => vi.restoreAllMocks());

/** Warnings of ours. */
const ours = () =>
  vi
    .mocked(console.warn)
    .mock.calls.map(([text]) => String(text))
    .filter((text) => text.startsWith('Elbo'));

test('a backend that cannot start is an error with the reason, and none is current', async () => {
  await expect(selectBackend({ backend: 'wasm', wasmPaths })).rejects.toThrow(
    /'wasm' cannot be used: its \.wasm files could not be started \(.+\); give `wasmPaths`/,
  );
  expect(tf.engine().backendName).toBeFalsy();
});

test('auto falls back to the next, and says why', async () => {
  const selected = await selectBackend({ backend: 'auto', wasmPaths, resolveFrom: tmpdir() });
  expect(selected.name).toBe('cpu');
  const wasm = selected.tried.at(-2)!;
  expect(wasm).toMatchObject({ name: 'wasm', outcome: 'failed' });
  expect(wasm.reason).toMatch(/after it has tried to start; restart the program/);
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.memory().numTensors).toBe(0);
  expect(ours()).toEqual([expect.stringContaining('plain JavaScript')]);
});

test('it is warned of once', async () => {
  await selectBackend({ backend: 'auto', wasmPaths, resolveFrom: tmpdir() });
  expect(ours()).toHaveLength(1);
});
