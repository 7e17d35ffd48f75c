import { util, type TensorInfo, type UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import { converted } from '../converted.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
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
  (x.dtype === 'int32' ? side.segmentSumsOfIntegers : side.segmentSums)(
    util.sizeFromShape(ids.shape),
    util.sizeFromShape(rest),
    address(x),
    address(ids),
    segments,
    address(output),
  );
  return output;
}

const unsortedSegmentSum = kernel<Inputs, UnsortedSegmentSumAttrs>({
  name: 'UnsortedSegmentSum',
  run: (machine, { x, segmentIds }, { numSegments }) =>
    converted(machine, x, x.dtype === 'float32' ? 'float32' : 'int32', (numbers) =>
      segmentSums(machine, numbers, segmentIds, numSegments),
    ),
});

/** Sums by segments. */
export const segments: readonly Kernel[] = [unsortedSegmentSum];
