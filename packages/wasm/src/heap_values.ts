import { backend as currentBackend, getBackend, type Tensor } from '@tensorflow/tfjs-core';
import { expectKnown, memoryOf } from './backend.js';

/**
 * A float32 tensor's numbers where the WebAssembly backend keeps them, to be copied at once: they are gone when the
 * tensor is disposed, and out of sight when the heap grows. `data()` copies twice as much, into memory of its own.
 *
 * @returns nothing when another backend is current.
 * @throws WasmError for a version of the backend that this package does not know.
 */
export function heapValues(tensor: Tensor): Float32Array | undefined {
  if ((getBackend() as string | undefined) !== 'wasm') return undefined;
  const backend = currentBackend();
  expectKnown(backend);
  const { memoryOffset } = backend.dataIdMap.get(tensor.dataId);
  if (memoryOffset === null) return undefined;
  // An address beyond 2 GiB comes as a negative number.
  return new Float32Array(memoryOf(backend).buffer, memoryOffset >>> 0, tensor.size);
}
