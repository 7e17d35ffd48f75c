import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';

/** WebAssembly on one thread, where the same seed gives the same bits. */
export async function useWasm(): Promise<void> {
  setThreadsCount(1);
  await setBackend('wasm');
}

/** The same tests on the cpu and the wasm backend. */
export function onBackends(name: string, tests: () => void): void {
  describe.each(['cpu', 'wasm'])(`${name} (%s)`, (backend) => {
    beforeAll(() => (backend === 'wasm' ? useWasm() : setBackend(backend)));
    tests();
  });
}
