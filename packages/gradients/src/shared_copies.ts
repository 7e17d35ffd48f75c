import { getBackend, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

let done = false;

/**
 * Makes the copies that the tape keeps share the data they are copies of, as they do on other
 * backends. The stock WebAssembly backend moves the data, for every tensor that an operation saves:
 * a fifth of a training step. Tensors are immutable, so nobody else can tell.
 */
export function shareCopies(): void {
  if (done || getBackend() !== 'wasm') return;
  done = true;
  const stock = getKernel('Identity', 'wasm');
  unregisterKernel('Identity', 'wasm');
  registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { x } = call.inputs;
      if (x === undefined || x.dtype === 'string') return stock.kernelFunc(call);
      (call.backend as { incRef(dataId: object): void }).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
