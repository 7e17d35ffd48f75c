import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelConfig,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { WasmError } from './errors.js';
import type { Machine } from './machine.js';

/** A kernel's arguments by name, as its operation passes them. */
export type Inputs = Readonly<Record<string, TensorInfo>>;
/** What else an operation passes. */
export type Attrs = Readonly<Record<string, unknown>>;

/** A kernel for the WebAssembly backend, instead of the stock one of that name or where there is none. */
export interface Kernel<I extends Inputs = Inputs, A = Attrs> {
  readonly name: string;
  /** Whether these arguments are for this kernel; the others go to the stock one. All are, without it. */
  takes?(inputs: I, attrs: A): boolean;
  run(machine: Machine, inputs: I, attrs: A): TensorInfo | TensorInfo[];
}

/** A kernel whose inputs and attributes have types; the registry knows them by name only. */
export function kernel<I extends Inputs, A>(definition: Kernel<I, A>): Kernel {
  return definition as unknown as Kernel;
}

/** The machine of each accelerated backend: an engine that is reset makes a new one, which may not be accelerated. */
const machines = new WeakMap<object, Machine>();
const installed = new Set<string>();

/** A kernel in the registry: runs ours where the backend has a machine, and the stock one otherwise. */
function dispatch({ name, takes, run }: Kernel, stock: KernelFunc | undefined): KernelFunc {
  return (params) => {
    const machine = machines.get(params.backend);
    const [inputs, attrs] = [params.inputs as Inputs, (params.attrs ?? {}) as Attrs];
    if (stock && (machine === undefined || takes?.(inputs, attrs) === false)) return stock(params);
    if (machine) return run(machine, inputs, attrs);
    throw new WasmError(
      `The kernel ${name} is one of @elbo/wasm, and this backend is not accelerated: await accelerate() after setBackend.`,
    );
  };
}

/** Registers kernels in place of the stock ones, for a backend with this machine. */
export function install(backend: object, machine: Machine, kernels: readonly Kernel[]): void {
  machines.set(backend, machine);
  for (const kernel of kernels) {
    if (installed.has(kernel.name)) continue;
    installed.add(kernel.name);
    const stock = getKernel(kernel.name, 'wasm') as KernelConfig | undefined;
    if (stock) unregisterKernel(kernel.name, 'wasm');
    // What sets the stock kernel up runs again for a new backend, so it stays.
    registerKernel({
      ...stock,
      kernelName: kernel.name,
      backendName: 'wasm',
      kernelFunc: dispatch(kernel, stock?.kernelFunc),
    });
  }
}
