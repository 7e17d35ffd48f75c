import {
  backend_util,
  util,
  type ScatterNdAttrs,
  type TensorInfo,
  type UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { converted } from '../converted.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { shortSum } from '../overlap.js';
import type { Tensors } from '../types.js';

type Inputs = Tensors<'x' | 'segmentIds'>;

function segmentSums(
  machine: Machine,
  x: TensorInfo,
  ids: TensorInfo,
  segments: number,
): TensorInfo {
  const rank = ids.shape.length;
  util.assertShapesMatch(
    ids.shape,
    x.shape.slice(0, rank),
    'unsortedSegmentSum: the shape of segmentIds is not what that of x begins with: ',
  );
  const rest = x.shape.slice(rank);
  const output = machine.output([segments, ...rest], x.dtype);
  const { side, address } = machine;
  const [n, columns] = [util.sizeFromShape(ids.shape), util.sizeFromShape(rest)];
  const sizes = [n, columns, address(x), address(ids), segments, address(output)] as const;
  if (x.dtype === 'int32') side.segmentSumsOfIntegers(...sizes);
  else side.segmentSums(...sizes, machine.scratch(side.segmentScratch(n, columns, segments) >>> 0));
  return output;
}

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
export const segments: readonly Kernel[] = [unsortedSegmentSum, scatterNd];
