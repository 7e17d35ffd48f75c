import * as tf from '@tensorflow/tfjs-core';
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/** Kernels that a computation asked the current backend for. */
export interface Kernels {
  readonly used: readonly string[];
  /** Those of them that the backend has not, by their TensorFlow.js names. */
  readonly missing: readonly string[];
  /** The most bytes that tensors had at once, those included that were there before. */
  readonly peakBytes: number;
}

/** tfjs types this look-up as if it always found something. */
const kernelOf = (name: string, backend: string): tf.KernelConfig | undefined =>
  tf.getKernel(name, backend);

/** A kernel that gives zeros in the shape in which the plain backend gives the result of zeros: reading no values. */
function standIn(kernelName: string, backendName: string, plain: KernelBackend): tf.KernelConfig {
  const zeros = (on: KernelBackend, { shape, dtype }: TensorInfo): TensorInfo => {
    const values = tf.util.makeZerosTypedArray(tf.util.sizeFromShape(shape), dtype as 'float32');
    return { dataId: on.write(values, shape, dtype), shape, dtype };
  };
  return {
    kernelName,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const onPlain = Object.entries(inputs).map(
        ([name, input]) => [name, input && zeros(plain, input)] as const,
      );
      const { kernelFunc } = tf.getKernel(kernelName, 'cpu');
      const result = kernelFunc({
        inputs: Object.fromEntries(onPlain),
        backend: plain,
        ...(attrs && { attrs }),
      });
      const here = (info: TensorInfo): TensorInfo => zeros(backend as KernelBackend, info);
      return Array.isArray(result) ? result.map(here) : here(result);
    },
  };
}

/**
 * Runs a computation on the current backend and records the kernels that it uses. It runs to its end also where kernels
 * are missing, with zeros for their results, so that all are found at once.
 */
export async function recordKernels(run: () => Promise<void>): Promise<Kernels> {
  await import('@tensorflow/tfjs-backend-cpu');
  const plain = await tf.findBackendFactory('cpu')();
  // Else it advertises another backend at its first use.
  Object.assign(plain, { firstUse: false });
  const engine = tf.engine();
  const own = Object.getOwnPropertyDescriptor(engine, 'runKernel');
  const runKernel = engine.runKernel.bind(engine);
  const used = new Set<string>();
  const missing = new Set<string>();
  let peakBytes = 0;
  engine.runKernel = (name, ...rest) => {
    used.add(name);
    // What the kernel before made is there now.
    peakBytes = Math.max(peakBytes, tf.memory().numBytes);
    const backend = tf.getBackend();
    if (kernelOf(name, backend) || !kernelOf(name, 'cpu')) return runKernel(name, ...rest);
    missing.add(name);
    // For this one call: compositions ask whether a kernel is there.
    tf.registerKernel(standIn(name, backend, plain));
    try {
      return runKernel(name, ...rest);
    } finally {
      tf.unregisterKernel(name, backend);
    }
  };
  try {
    await run();
  } finally {
    if (own) Object.defineProperty(engine, 'runKernel', own);
    else Reflect.deleteProperty(engine, 'runKernel');
    plain.dispose();
  }
  return { used: [...used].sort(), missing: [...missing].sort(), peakBytes };
}
