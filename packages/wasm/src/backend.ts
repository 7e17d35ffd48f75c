// What this package uses of the stock WebAssembly backend (@tensorflow/tfjs-backend-wasm). None of it is documented, so
// all of it is here, and checked.
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { WasmError } from './errors.js';

/** The backend's Emscripten module. */
interface Module {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  readonly wasmMemory?: WebAssembly.Memory;
  readonly tfjs: Readonly<Record<'registerTensor' | 'disposeData', unknown>>;
}

/** Where a tensor's numbers lie. */
interface TensorData {
  readonly memoryOffset: number | null;
  /** Strings lie outside the memory. */
  readonly stringBytes?: readonly Uint8Array[];
}

/** The backend, as far as it is used here. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: Module;
  readonly dataIdMap: { get(dataId: object): TensorData; has(dataId: object): boolean };
  makeOutput(
    shape: number[],
    dtype: DataType,
    address?: number | null,
    values?: ArrayLike<number> | readonly Uint8Array[],
  ): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
}

/** The memory that a backend computes in. It may grow: take views of it afresh. */
export function memoryOf({ wasm }: WasmBackend): WebAssembly.Memory {
  const memory = wasm.asm?.memory ?? wasm.wasmMemory;
  if (memory) return memory;
  throw unknownVersion('no memory');
}

function unknownVersion(missing: string): WasmError {
  return new WasmError(
    `This version of @tensorflow/tfjs-backend-wasm is not known to @elbo/wasm: it has ${missing} where 4.22 has one. Install @tensorflow/tfjs-backend-wasm 4.22.`,
  );
}

/** @throws WasmError when it lacks what this package needs of it. */
export function expectKnown(backend: object): asserts backend is WasmBackend {
  const { dataIdMap, makeOutput, typedArrayFromHeap } = backend as Partial<WasmBackend>;
  const { wasm } = backend as { readonly wasm?: Partial<Module> };
  const parts: Record<string, boolean> = {
    'no Emscripten module': typeof wasm === 'object',
    'no allocator': typeof wasm?._malloc === 'function' && typeof wasm._free === 'function',
    'no view of its heap': wasm?.HEAPU8 instanceof Uint8Array,
    'no table of tensors': typeof dataIdMap?.get === 'function',
    'no way to make outputs': typeof makeOutput === 'function',
    'no views of tensors': typeof typedArrayFromHeap === 'function',
    'no registry of tensors': typeof wasm?.tfjs?.registerTensor === 'function',
  };
  const missing = Object.keys(parts).find((part) => !parts[part]);
  if (missing !== undefined) throw unknownVersion(missing);
  memoryOf(backend as WasmBackend);
}
