import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Machine } from './machine.js';

/**
 * The sums of rows of `x` by the segments that `ids` gives them, whose shape is what that of `x` begins with; a row of a
 * segment that is none is left out. Long sums are made of runs, as all of the side module.
 */
export function segmentSums(
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
