import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
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

/** Whether a tensor holds what most kernels here are for. */
export const isFloat = ({ dtype }: TensorInfo): boolean => dtype === 'float32';

/** The stock kernel of that name, before this package replaced it. */
const stock = new Map<string, KernelFunc | undefined>();

/** Registers kernels of a machine in place of the stock ones. */
export function install(machine: Machine, kernels: readonly Kernel[]): void {
  for (const { name, takes, run } of kernels) {
    const registered = getKernel(name, 'wasm') as { kernelFunc: KernelFunc } | undefined;
    if (!stock.has(name)) stock.set(name, registered?.kernelFunc);
    const otherwise = stock.get(name);
    if (registered) unregisterKernel(name, 'wasm');
    const kernelFunc: KernelFunc = (params) => {
      const [inputs, attrs] = [params.inputs as Inputs, (params.attrs ?? {}) as Attrs];
      return otherwise && takes && !takes(inputs, attrs)
        ? otherwise(params)
        : run(machine, inputs, attrs);
    };
    registerKernel({ kernelName: name, backendName: 'wasm', kernelFunc });
  }
}
