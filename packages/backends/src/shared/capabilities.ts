import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import { current } from './engine.js';

/** What the current backend can do. */
export interface Capabilities {
  /** The backend's name in TensorFlow.js. */
  readonly backend: string;
  /** Whether it computes with SIMD instructions. */
  readonly simd: boolean;
  /** Bits of a floating-point number that it computes with. */
  readonly precision: 16 | 32;
  /** Kernels that training may need and that this backend has not, by their TensorFlow.js names. */
  readonly missingKernels: readonly string[];
}

// What dense, convolutional, embedding and recurrent networks run forward and backward.
const trainingKernels: readonly string[] = [
  'AvgPool',
  'AvgPoolGrad',
  'BatchMatMul',
  'Concat',
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'Einsum',
  'Elu',
  'EluGrad',
  'Erf',
  'GatherV2',
  'LeakyRelu',
  'MaxPool',
  'MaxPoolGrad',
  'OneHot',
  'Prelu',
  'Relu',
  'Select',
  'Selu',
  'Sigmoid',
  'Slice',
  'Softmax',
  'Softplus',
  'Sum',
  'Tanh',
  'Transpose',
  'UnsortedSegmentSum',
];

/**
 * What the current backend can do: choose it with `selectBackend` first.
 *
 * @throws BackendError when no backend is current.
 */
export function capabilities(): Capabilities {
  const backend = current();
  if (backend === undefined) {
    throw new BackendError('No backend is selected: await selectBackend() first.');
  }
  const kernels = new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
  return {
    backend,
    simd: backend === 'wasm' && tf.env().getBool('WASM_HAS_SIMD_SUPPORT'),
    precision: tf.backend().floatPrecision(),
    missingKernels: trainingKernels.filter((kernel) => !kernels.has(kernel)),
  };
}
