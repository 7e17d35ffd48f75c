import {
  getKernel,
  type DataType,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { memoryOf, type WasmBackend } from './backend.js';
import { WasmError } from './errors.js';
import type { Attrs, Inputs } from './kernel_arguments.js';
import type { SideModule } from './side_exports.js';

type Numbers = Float32Array | Int32Array | Uint8Array;

/** What a kernel computes with: the side module, and where tensors lie in the memory that it shares with the backend. */
export interface Machine {
  readonly side: SideModule;
  /** The address of room for `side.product` of these sizes, which the next call may give again. @throws WasmError as `output`. */
  productScratch(rows: number, columns: number, depth: number): number;
  /** The address of a tensor's first number. */
  address(tensor: TensorInfo): number;
  /** A tensor that holds nothing yet. @throws WasmError when there is no memory for it. */
  output(shape: readonly number[], dtype?: DataType): TensorInfo;
  /** A tensor's numbers where they lie. A new tensor may move the memory, which ends the view: take it afresh. */
  numbers(tensor: TensorInfo): Numbers;
  /** A tensor's strings, as bytes of UTF-8. */
  strings(tensor: TensorInfo): readonly Uint8Array[];
  outputOfStrings(shape: readonly number[], strings: readonly Uint8Array[]): TensorInfo;
  /** Another name of a tensor's numbers, without copying them. */
  alias(tensor: TensorInfo, shape?: readonly number[]): TensorInfo;
  /** Whether another tensor has the same numbers. */
  isShared(tensor: TensorInfo): boolean;
  /** The address of at least so many bytes, which the next call may give again. @throws WasmError as `output`. */
  scratch(bytes: number): number;
  /** The address of these integers, at most 64 of 32 bits, where the next call writes its own. */
  write(integers: readonly number[]): number;
  /** Runs another kernel of the backend. */
  call(kernelName: string, inputs: Inputs, attrs?: Attrs): TensorInfo;
  /** Runs another kernel of the backend, which may give several tensors. */
  callAll(kernelName: string, inputs: Inputs, attrs?: Attrs): TensorInfo | TensorInfo[];
  /** Frees a tensor that was made by `output`, for a kernel that needed it in between. */
  free(tensor: TensorInfo): void;
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/** What an address of 32 bits reaches. The allocator would take a larger number modulo this, and give too little. */
const addressable = 2 ** 32;

/**
 * Makes the backend's allocator throw where it would return 0, the address of nothing, which every kernel would take for
 * memory and write over what lies there.
 */
export function guardAllocator({ wasm }: WasmBackend): void {
  // Emscripten's function puts another in its place when it is first called.
  wasm._free(wasm._malloc(1));
  const allocate = wasm._malloc.bind(wasm);
  wasm._malloc = (bytes) => {
    const address = bytes < addressable ? allocate(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    throw new WasmError(
      `Out of memory: no ${megabytes(bytes)} (${bytes} bytes) are left of the WebAssembly heap, which has grown to ${megabytes(wasm.HEAPU8.length)}. ` +
        'Make the batch or the model smaller, or look for tensors that are never disposed (tf.memory().numTensors).',
    );
  };
}

/** Gives room of so many bytes, the same again unless more is asked for. */
export function growing({ wasm }: WasmBackend): (bytes: number) => number {
  let room = { address: 0, bytes: 0 };
  return (bytes) => {
    if (bytes > room.bytes) {
      if (room.bytes > 0) wasm._free(room.address);
      room = { address: 0, bytes: 0 };
      room = { address: wasm._malloc(bytes) >>> 0, bytes };
    }
    return room.address;
  };
}

/** The machine of a backend whose allocator is guarded. */
export function machineOf(backend: WasmBackend, side: SideModule): Machine {
  const { wasm, dataIdMap } = backend;
  const productRoom = growing(backend);
  const integerRoom = wasm._malloc(64 * Int32Array.BYTES_PER_ELEMENT) >>> 0;
  const callAll: Machine['callAll'] = (kernelName, inputs, attrs = {}) =>
    getKernel(kernelName, 'wasm').kernelFunc({
      inputs: inputs,
      attrs: attrs as NamedAttrMap,
      backend,
    });
  return {
    side,
    productScratch: (rows, columns, depth) =>
      productRoom(side.productScratch(rows, columns, depth) >>> 0),
    address: ({ dataId }) => dataIdMap.get(dataId).memoryOffset!,
    output: (shape, dtype = 'float32') => backend.makeOutput([...shape], dtype),
    numbers: (tensor) => backend.typedArrayFromHeap(tensor),
    strings: ({ dataId }) => dataIdMap.get(dataId).stringBytes!,
    outputOfStrings: (shape, strings) => backend.makeOutput([...shape], 'string', null, strings),
    alias: ({ dataId, dtype, shape: own }, shape = own) => {
      backend.incRef(dataId);
      return { dataId, dtype, shape: [...shape] };
    },
    isShared: ({ dataId }) => backend.refCount(dataId) > 1,
    scratch: growing(backend),
    write: (integers) => {
      new Int32Array(memoryOf(backend).buffer, integerRoom, integers.length).set(integers);
      return integerRoom;
    },
    call: (...kernel) => callAll(...kernel) as TensorInfo,
    callAll,
    free: ({ dataId }) => backend.disposeData(dataId),
  };
}
