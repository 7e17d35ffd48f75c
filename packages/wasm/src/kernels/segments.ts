import { util, type TensorInfo, type UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';

type Inputs = Readonly<Record<'x' | 'segmentIds', TensorInfo>>;

const unsortedSegmentSum = kernel<Inputs, UnsortedSegmentSumAttrs>({
  name: 'UnsortedSegmentSum',
  run: (machine, { x, segmentIds }, { numSegments }) => {
    const rows = util.sizeFromShape(segmentIds.shape);
    util.assertShapesMatch(
      segmentIds.shape,
      x.shape.slice(0, segmentIds.shape.length),
      'unsortedSegmentSum: the shape of segmentIds is not what that of x begins with: ',
    );
    const rest = x.shape.slice(segmentIds.shape.length);
    const output = machine.output([numSegments, ...rest], x.dtype);
    const { segmentSums, segmentSumsOfIntegers } = machine.side;
    (x.dtype === 'int32' ? segmentSumsOfIntegers : segmentSums)(
      rows,
      util.sizeFromShape(rest),
      machine.address(x),
      machine.address(segmentIds),
      numSegments,
      machine.address(output),
    );
    return output;
  },
});

/** Sums by segments. */
export const segments: readonly Kernel[] = [unsortedSegmentSum];
