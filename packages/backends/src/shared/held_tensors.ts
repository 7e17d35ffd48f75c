import * as tf from '@tensorflow/tfjs-core';

/** What is held on the current backend, exactly; bytes, which `tf.memory()` guesses on some, are not counted. */
export interface Held {
  /** Tensors that nobody has disposed. */
  readonly tensors: number;
  /** Blocks of data behind them, by the backend's own count: tensors may share one. */
  readonly buffers: number;
}

/** As much of TensorFlow's backend as is asked here. */
interface Counting {
  getNumOfTFTensors?(): number;
}

/**
 * Counts tensors on the current backend. TensorFlow's counts those of its library: what was uploaded and not yet used is
 * none.
 */
export function heldTensors(): Held {
  const backend = tf.backend() as tf.KernelBackend & Counting;
  return {
    tensors: tf.memory().numTensors,
    buffers: backend.getNumOfTFTensors?.() ?? backend.numDataIds(),
  };
}
