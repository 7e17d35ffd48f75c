import { getBackend, getKernel, type KernelConfig } from '@tensorflow/tfjs-core';

/**
 * Kernels that the gradients go round, as `backend/kernel`, because a stock backend's own is slow or
 * wrong. A package with a better kernel says so where it registers it: `registerKernel({ …, replacesStock: true })`.
 *
 * - `wasm/BatchMatMul` of a transposed operand, and `wasm/Conv2DBackpropInput`, are scalar loops, at
 *   a tenth of the speed of the plain product and of the convolution that serve instead.
 * - `wasm/MaxPoolGrad` is wrong where the maximum of a window is not positive.
 */
export const avoidedKernels: Set<string> = new Set<string>([
  'wasm/BatchMatMul',
  'wasm/Conv2DBackpropInput',
  'wasm/MaxPoolGrad',
]);

/** Whether the current backend has this kernel, and nothing speaks against it. */
export function serves(kernelName: string): boolean {
  const backend = getBackend();
  const kernel = getKernel(kernelName, backend) as
    (KernelConfig & { readonly replacesStock?: boolean }) | undefined;
  if (!kernel) return false;
  return kernel.replacesStock === true || !avoidedKernels.has(`${backend}/${kernelName}`);
}
