import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelConfig,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { WasmError } from './errors.js';
import type { Attrs, Inputs } from './kernel_arguments.js';
import type { Machine } from './machine.js';

/** A kernel for the WebAssembly backend, instead of the stock one of that name or where there is none. */
export interface Kernel<I extends object = Inputs, A = Attrs> {
  readonly name: string;
  /** Whether these arguments are for this kernel; others go to the next of its name, or the stock one. All, without it. */
  takes?(inputs: I, attrs: A): boolean;
  run(machine: Machine, inputs: I, attrs: A): TensorInfo | TensorInfo[];
}

/** A kernel whose inputs and attributes have types; the registry knows them by name only. */
export function kernel<I extends object, A>(definition: Kernel<I, A>): Kernel {
  return definition as unknown as Kernel;
}

/** The machine of each accelerated backend: an engine that is reset makes a new one, which may not be accelerated. */
const machines = new WeakMap<object, Machine>();
const installed = new Set<string>();

/** Kernels of one name in the registry: the first of ours that takes the arguments, or else the stock one. */
function dispatch(
  name: string,
  ours: readonly Kernel[],
  stock: KernelFunc | undefined,
): KernelFunc {
  return (params) => {
    const machine = machines.get(params.backend);
    const [inputs, attrs] = [params.inputs as Inputs, (params.attrs ?? {}) as Attrs];
    const kernel = machine && ours.find(({ takes }) => takes?.(inputs, attrs) ?? true);
    if (kernel) return kernel.run(machine, inputs, attrs);
    if (stock) return stock(params);
    throw new WasmError(
      machine
        ? `The kernel ${name} of the WebAssembly backend does not take tensors of these types.`
        : `The kernel ${name} is one of @elbo/wasm, and this backend is not accelerated: await accelerate() after setBackend.`,
    );
  };
}

/** Registers kernels in place of the stock ones, for a backend with this machine. */
export function install(backend: object, machine: Machine, kernels: readonly Kernel[]): void {
  machines.set(backend, machine);
  for (const name of new Set(kernels.map((kernel) => kernel.name))) {
    if (installed.has(name)) continue;
    installed.add(name);
    const stock = getKernel(name, 'wasm') as KernelConfig | undefined;
    if (stock) unregisterKernel(name, 'wasm');
    const ours = kernels.filter((kernel) => kernel.name === name);
    // What sets the stock kernel up runs again for a new backend, so it stays.
    registerKernel({
      ...stock,
      kernelName: name,
      backendName: 'wasm',
      kernelFunc: dispatch(name, ours, stock?.kernelFunc),
      // Gradients that go round a stock kernel may take this one.
      replacesStock: true,
    } as KernelConfig);
  }
}
