import * as tf from '@tensorflow/tfjs-core';

/** Inputs and attributes of a kernel, as tensors to compute with. */
interface Call {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** How often each of 0 … size − 1 occurs in x, or the sum of its weights; for each row of a matrix. */
function denseBincount({ inputs, attrs }: Call): tf.Tensor {
  const { x, weights } = inputs;
  const size = attrs.size as number;
  const counted = tf.cast(tf.oneHot(tf.cast(x!, 'int32'), size), 'float32');
  if (attrs.binaryOutput === true) return tf.max(counted, -2);
  const weighed = weights!.size > 0 ? tf.mul(counted, tf.expandDims(weights!, -1)) : counted;
  return tf.sum(weighed, -2);
}

/** At which place of its sorted row each value belongs: before its equals ('left') or after them. */
function searchSorted({ inputs, attrs }: Call): tf.Tensor {
  const row = tf.expandDims(inputs.sortedSequence!, 1);
  const value = tf.expandDims(inputs.values!, 2);
  const before = attrs.side === 'left' ? tf.less(row, value) : tf.lessEqual(row, value);
  return tf.sum(tf.cast(before, 'int32'), 2);
}

/** Kernels that some backends have not, made of kernels that all have. */
const compositions: Readonly<Record<string, (call: Call) => tf.Tensor>> = {
  DenseBincount: denseBincount,
  SearchSorted: searchSorted,
};

/** Gives a backend a kernel that it lacks, if it can be composed; says whether it could. */
export function compose(kernelName: string, backendName: string): boolean {
  const composition = compositions[kernelName];
  if (!composition) return false;
  tf.registerKernel({
    kernelName,
    backendName,
    // The engine hands kernels the very tensors, and takes a tensor back.
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() =>
        composition({ inputs: inputs as Readonly<Record<string, tf.Tensor>>, attrs: attrs ?? {} }),
      ),
  });
  return true;
}
