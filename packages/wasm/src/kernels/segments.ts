import {
  backend_util,
  util,
  type ScatterNdAttrs,
  type UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { converted } from '../converted.js';
import { kernel, type Kernel } from '../kernel.js';
import { shortSum } from '../overlap.js';
import { segmentSums } from '../segment_sums.js';
import type { Tensors } from '../types.js';
import { denseBincount } from './bins.js';
import { sparseSegments } from './sparse_segments.js';

type Inputs = Tensors<'x' | 'segmentIds'>;

const unsortedSegmentSum = kernel<Inputs, UnsortedSegmentSumAttrs>({
  name: 'UnsortedSegmentSum',
  run: (machine, { x, segmentIds }, { numSegments }) =>
    converted(machine, x, x.dtype === 'float32' ? 'float32' : 'int32', (numbers) =>
      segmentSums(machine, numbers, segmentIds, numSegments),
    ),
});

/** Of many updates: the stock kernel adds those to one place from first to last. */
const scatterNd = kernel<Tensors<'indices' | 'updates'>, ScatterNdAttrs>({
  name: 'ScatterNd',
  takes: ({ indices, updates }) =>
    updates.dtype === 'float32' && util.sizeFromShape(indices.shape.slice(0, -1)) > shortSum,
  run: (machine, { indices, updates }, { shape }) => {
    const { sliceRank, numUpdates, sliceSize, strides, outputSize } = backend_util.calculateShapes(
      updates,
      indices,
      shape,
    );
    const places = machine.output([numUpdates], 'int32');
    const [from, to] = [machine.numbers(indices), machine.numbers(places)];
    for (let i = 0; i < numUpdates; i++) {
      to[i] = 0;
      for (let j = 0; j < sliceRank; j++) to[i]! += from[i * sliceRank + j]! * strides[j]!;
    }
    const rows = machine.alias(updates, [numUpdates, sliceSize]);
    const sums = segmentSums(machine, rows, places, outputSize / sliceSize);
    for (const tensor of [places, rows]) machine.free(tensor);
    return { ...sums, shape };
  },
});

/** Sums by segments, and by places. */
export const segments: readonly Kernel[] = [
  unsortedSegmentSum,
  scatterNd,
  denseBincount,
  ...sparseSegments,
];
