import { getBackend, getKernel } from '@tensorflow/tfjs-core';

/**
 * Kernels that the gradients go round, as `backend/kernel`, because a stock backend's own is slow or
 * wrong. A package that registers a better kernel takes it out: `avoidedKernels.delete('wasm/…')`.
 *
 * - `wasm/BatchMatMul` of a transposed operand, and `wasm/Conv2DBackpropInput`, are scalar loops, at
 *   a tenth of the speed of the plain product and of the convolution that serve instead.
 * - `wasm/MaxPoolGrad` is wrong where the maximum of a window is not positive.
 * - `AvgPoolGrad` of every backend of TensorFlow.js's own divides by the size of the window, also where part of it is
 *   padding, which AvgPool leaves out. Only such windows go round it.
 */
export const avoidedKernels: Set<string> = new Set<string>([
  'wasm/BatchMatMul',
  'wasm/Conv2DBackpropInput',
  'wasm/MaxPoolGrad',
  ...['cpu', 'wasm', 'webgl', 'webgpu'].map((backend) => `${backend}/AvgPoolGrad`),
]);

/** Whether the current backend has this kernel, and nothing speaks against it. */
export function serves(kernelName: string): boolean {
  const backend = getBackend();
  return (
    !avoidedKernels.has(`${backend}/${kernelName}`) &&
    (getKernel(kernelName, backend) as unknown) !== undefined
  );
}
