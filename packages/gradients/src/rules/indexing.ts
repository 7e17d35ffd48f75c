import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { serves } from '../avoided_kernels.js';
import { nothing, rule } from './rule.js';
import { spaceOut } from './windows.js';

type Pairs = readonly (readonly [number, number])[];

const pad = rule<{ paddings: Pairs }>('PadV2', {
  inputs: ['x'],
  gradient: (dy, [x], { paddings }) => ({
    x: () =>
      tf.slice(
        dy,
        paddings.map(([before]) => before),
        x!.shape,
      ),
  }),
});

const at = (rank: number, axis: number, value: number, other: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i === axis ? value : other));

/** Adds to the middle of an axis what its mirror images received. */
function unmirror(
  dy: Tensor,
  axis: number,
  [before, after]: Pairs[number],
  offset: number,
): Tensor {
  const size = dy.shape[axis]! - before - after;
  const part = (begin: number, length: number): Tensor =>
    tf.slice(dy, at(dy.rank, axis, begin, 0), at(dy.rank, axis, length, -1));
  const image = (begin: number, length: number, place: number): Tensor =>
    tf.pad(
      tf.reverse(part(begin, length), axis),
      dy.shape.map((_, i) => (i === axis ? [place, size - place - length] : [0, 0])),
    );
  return tf.addN([
    part(before, size),
    ...(before > 0 ? [image(0, before, offset)] : []),
    ...(after > 0 ? [image(before + size, after, size - offset - after)] : []),
  ]);
}

const mirrorPad = rule<{ paddings: Pairs; mode: 'reflect' | 'symmetric' }>('MirrorPad', {
  gradient: (dy, _, { paddings, mode }) => ({
    x: () =>
      paddings.reduce(
        (gradient, pair, axis) => unmirror(gradient, axis, pair, mode === 'reflect' ? 1 : 0),
        dy,
      ),
  }),
});

const slice = rule<{ begin: number | number[]; size: number | number[] }>('Slice', {
  inputs: ['x'],
  gradient: (dy, [x], { begin, size }) => ({
    x: () => {
      const [first, length] = tf.slice_util.parseSliceParams(x!, begin, size);
      return tf.pad(
        dy,
        x!.shape.map((full, i) => [first![i]!, full - first![i]! - length![i]!]),
      );
    },
  }),
});

interface Strided {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

const stridedSlice = rule<Strided>('StridedSlice', {
  inputs: ['x'],
  gradient: (dy, [x], a) => ({
    x: () => {
      const { begin, end, strides } = tf.slice_util.sliceInfo(
        x!.shape,
        a.begin,
        a.end,
        a.strides,
        a.beginMask,
        a.endMask,
        a.ellipsisMask,
        a.newAxisMask,
        a.shrinkAxisMask,
      );
      return strides.reduce(
        (gradient, stride, axis) => {
          const count = gradient.shape[axis]!;
          const low = Math.min(begin[axis]!, begin[axis]! + (count - 1) * stride);
          const rising = stride > 0 ? gradient : tf.reverse(gradient, axis);
          return spaceOut(rising, axis, low, Math.abs(stride), x!.shape[axis]!);
        },
        tf.reshape(dy, tf.slice_util.computeOutShape(begin, end, strides)),
      );
    },
  }),
});

/** Sums the rows of `values` [N, ...] that share an id into [size, ...]. */
function sumRows(values: Tensor, ids: Tensor, size: number): Tensor {
  if (serves('UnsortedSegmentSum')) {
    return tf.unsortedSegmentSum(values, ids as tf.Tensor1D, size);
  }
  return tf.scatterND(tf.expandDims(ids, 1), values, [size, ...values.shape.slice(1)]);
}

/** The gradient of gather from an x of `shape`: rows of dy summed into those they came from. */
function ungather(dy: Tensor, shape: readonly number[], indices: Tensor, axis: number): Tensor {
  const outer = tf.util.sizeFromShape(shape.slice(0, axis));
  const inner = tf.util.sizeFromShape(shape.slice(axis + 1));
  const values = tf.transpose(tf.reshape(dy, [outer, indices.size, inner]), [1, 0, 2]);
  const summed = sumRows(values, tf.reshape(indices, [-1]), shape[axis]!);
  return tf.reshape(tf.transpose(summed, [1, 0, 2]), [...shape]);
}

const gather = rule<{ axis: number; batchDims: number }>('GatherV2', {
  inputs: ['x', 'indices'],
  gradient: (dy, [x, indices], { axis, batchDims }) => ({
    x: () => {
      const [along] = tf.util.parseAxisParam(axis, x!.shape);
      if (batchDims === 0) return ungather(dy, x!.shape, indices!, along!);
      const batch = tf.util.sizeFromShape(x!.shape.slice(0, batchDims));
      const each = (t: Tensor): Tensor[] =>
        tf.unstack(tf.reshape(t, [batch, ...t.shape.slice(batchDims)]));
      const ids = each(indices!);
      const rows = each(dy).map((row, i) =>
        ungather(row, x!.shape.slice(batchDims), ids[i]!, along! - batchDims),
      );
      return tf.reshape(tf.stack(rows), x!.shape);
    },
    indices: () => nothing(indices!),
  }),
});

/** Rows with a negative id are left out of the sum. */
const unsortedSegmentSum = rule('UnsortedSegmentSum', {
  inputs: ['segmentIds'],
  gradient: (dy, [ids]) => ({
    x: () => {
      const rows = tf.gather(dy, tf.maximum(ids!, tf.scalar(0, 'int32')));
      const kept = tf.cast(tf.greaterEqual(ids!, tf.scalar(0, 'int32')), 'float32');
      return tf.mul(rows, tf.reshape(kept, [-1, ...rows.shape.slice(1).map(() => 1)]));
    },
    segmentIds: () => nothing(ids!),
  }),
});

const gatherNd = rule('GatherNd', {
  inputs: ['params', 'indices'],
  gradient: (dy, [params, indices]) => ({
    params: () => tf.scatterND(indices!, dy, params!.shape),
    indices: () => nothing(indices!),
  }),
});

const scatterNd = rule('ScatterNd', {
  inputs: ['indices'],
  gradient: (dy, [indices]) => ({
    indices: () => nothing(indices!),
    updates: () => tf.gatherND(dy, indices!),
  }),
});

const select = rule('Select', {
  inputs: ['condition'],
  gradient: (dy, [condition]) => ({
    condition: () => nothing(condition!),
    t: () => tf.where(condition!, dy, tf.zerosLike(dy)),
    e: () => tf.where(condition!, tf.zerosLike(dy), dy),
  }),
});

/** Kernels that pick elements or put them in place. */
export const indexingRules: readonly GradConfig[] = [
  pad,
  mirrorPad,
  slice,
  stridedSlice,
  gather,
  gatherNd,
  scatterNd,
  unsortedSegmentSum,
  select,
];
