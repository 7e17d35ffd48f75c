import * as tf from '@tensorflow/tfjs-core';
import type { DataType, GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { nothing, rule } from './rule.js';

const reshaped = (kernelName: string, input: string): GradConfig =>
  rule(kernelName, {
    inputs: [input],
    gradient: (dy, [x]) => ({ [input]: () => tf.reshape(dy, x!.shape) }),
  });

/** A cast to whole numbers or truth values is constant almost everywhere. */
const cast = rule<{ dtype: DataType }>('Cast', {
  gradient: (dy, _, { dtype }) => ({
    x: () => (dtype === 'float32' ? tf.clone(dy) : nothing(dy)),
  }),
});

const transpose = rule<{ perm: number[] }>('Transpose', {
  gradient: (dy, _, { perm }) => ({
    x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm)),
  }),
});

const reverse = rule<{ dims: number | number[] }>('Reverse', {
  gradient: (dy, _, { dims }) => ({ x: () => tf.reverse(dy, dims) }),
});

const concat: GradConfig = {
  kernelName: 'Concat',
  saveAllInputs: true,
  gradFunc: (dy, parts, attrs) => {
    const [axis] = tf.util.parseAxisParam(attrs.axis as number, parts[0]!.shape);
    const sizes = parts.map((part) => part.shape[axis!]!);
    return Object.fromEntries(
      tf.split(dy as Tensor, sizes, axis).map((part, i) => [i, () => part]),
    );
  },
};

const pack: GradConfig = {
  kernelName: 'Pack',
  saveAllInputs: true,
  gradFunc: (dy, _, attrs) =>
    Object.fromEntries(
      tf.unstack(dy as Tensor, attrs.axis as number).map((part, i) => [i, () => part]),
    ),
};

const parts = (dy: Tensor | Tensor[]): Tensor[] => (Array.isArray(dy) ? dy : [dy]);

const split: GradConfig = {
  kernelName: 'SplitV',
  gradFunc: (dy, _, attrs) => ({ x: () => tf.concat(parts(dy), attrs.axis as number) }),
};

const unpack: GradConfig = {
  kernelName: 'Unpack',
  gradFunc: (dy, _, attrs) => ({ value: () => tf.stack(parts(dy), attrs.axis as number) }),
};

/** One axis at a time, as [before, copies, size and after]: a sum over the copies. */
function sumCopies(dy: Tensor, shape: readonly number[], reps: readonly number[]): Tensor {
  let gradient = tf.clone(dy);
  reps.forEach((copies, axis) => {
    if (copies === 1) return;
    const before = gradient.shape.slice(0, axis);
    const after = [shape[axis]!, ...gradient.shape.slice(axis + 1)];
    const apart = [tf.util.sizeFromShape(before), copies, tf.util.sizeFromShape(after)];
    gradient = tf.reshape(tf.sum(tf.reshape(gradient, apart), 1), [...before, ...after]);
  });
  return gradient;
}

const tile = rule<{ reps: number[] }>('Tile', {
  inputs: ['x'],
  gradient: (dy, [x], { reps }) => ({ x: () => sumCopies(dy, x!.shape, reps) }),
});

const broadcastTo = rule<{ shape: number[]; inputShape: number[] }>('BroadcastTo', {
  gradient: (dy, _, { shape, inputShape }) => ({
    x: () =>
      sumCopies(
        dy,
        inputShape,
        shape.map((size, i) => (inputShape[i] === size ? 1 : size)),
      ),
  }),
});

type Crops = number[][];

const spaceToBatch = rule<{ blockShape: number[]; paddings: Crops }>('SpaceToBatchND', {
  gradient: (dy, _, { blockShape, paddings }) => ({
    x: () => tf.batchToSpaceND(dy, blockShape, paddings),
  }),
});

const batchToSpace = rule<{ blockShape: number[]; crops: Crops }>('BatchToSpaceND', {
  gradient: (dy, _, { blockShape, crops }) => ({
    x: () => tf.spaceToBatchND(dy, blockShape, crops),
  }),
});

/** Kernels that move elements about, or copy them whole. */
export const shapeRules: readonly GradConfig[] = [
  rule('Identity', { gradient: (dy) => ({ x: () => tf.clone(dy) }) }),
  reshaped('Reshape', 'x'),
  reshaped('ExpandDims', 'input'),
  cast,
  transpose,
  reverse,
  concat,
  pack,
  split,
  unpack,
  tile,
  broadcastTo,
  spaceToBatch,
  batchToSpace,
];
